"""Calls that write to people: mail from a mailbox, and a line in the activity feed of Teams."""

from msgraph.generated.models.body_type import BodyType
from msgraph.generated.models.email_address import EmailAddress
from msgraph.generated.models.internet_message_header import InternetMessageHeader
from msgraph.generated.models.item_body import ItemBody
from msgraph.generated.models.key_value_pair import KeyValuePair
from msgraph.generated.models.message import Message
from msgraph.generated.models.recipient import Recipient
from msgraph.generated.models.teamwork_activity_topic import TeamworkActivityTopic
from msgraph.generated.models.teamwork_activity_topic_source import TeamworkActivityTopicSource
from msgraph.generated.users.item.send_mail.send_mail_post_request_body import SendMailPostRequestBody
from msgraph.generated.users.item.teamwork.send_activity_notification import (
    send_activity_notification_post_request_body as activity_bodies,
)
from msgraph.graph_service_client import GraphServiceClient

from shared.channels.ports import Nudge
from shared.tenant.calls.call import Call, object_id
from shared.tenant.ports.mail import Mail


class MessageCalls:
    """Builds the calls."""

    def __init__(self, client: GraphServiceClient) -> None:
        self._users = client.users

    def mail(self, sender: str, mail: Mail, *, subject: str, header: str) -> Call:
        """Send one mail from `sender`'s mailbox and keep no copy."""
        message = Message(
            subject=subject,
            body=ItemBody(content_type=BodyType.Html, content=mail.html),
            to_recipients=[Recipient(email_address=EmailAddress(address=mail.to))],
            internet_message_headers=[InternetMessageHeader(name=header, value=mail.reference)],
        )
        return self._sent(sender, message)

    def mail_to_nobody(self, sender: str) -> Call:
        """A mail without a recipient: Exchange cannot send it, and says so only to who may send from the mailbox."""
        body = ItemBody(content_type=BodyType.Text, content="")
        return self._sent(sender, Message(subject="Check-up", body=body, to_recipients=[]))

    def activity(self, nudge: Nudge, app: str) -> Call:
        """Write into a user's activity feed of Teams, by the name of the Teams app `app`, in words of our own."""
        body = activity_bodies.SendActivityNotificationPostRequestBody(
            topic=TeamworkActivityTopic(
                source=TeamworkActivityTopicSource.Text,
                value=nudge.topic,
                web_url=f"https://teams.microsoft.com/l/app/{object_id(app)}",
            ),
            activity_type="systemDefault",
            preview_text=ItemBody(content=nudge.text),
            template_parameters=[KeyValuePair(name="systemDefaultText", value=nudge.text)],
            teams_app_id=app,
        )
        builder = self._users.by_user_id(object_id(nudge.user)).teamwork.send_activity_notification
        return Call(builder.to_post_request_information(body), "TeamsActivity.Send")

    def _sent(self, sender: str, message: Message) -> Call:
        body = SendMailPostRequestBody(message=message, save_to_sent_items=False)
        return Call(self._users.by_user_id(sender).send_mail.to_post_request_information(body), "Mail.Send")
