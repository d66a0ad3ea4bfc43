"""Activity feed notifications of Microsoft Teams, sent by an app to one user."""

from sandbox.tenant.errors import GraphError, bad_request
from sandbox.tenant.graph import schema
from sandbox.tenant.graph.calls import Answer, Call, cannot_convert, object_value, parameters, text_field
from sandbox.tenant.state import Json

RESERVED = "systemDefault"
"""The only activity type that no app's manifest has to declare. This company's app declares none."""
_TEAMS = "https://teams.microsoft.com/l/"


def notify(call: Call) -> Answer:
    """POST users/{user}/teamwork/sendActivityNotification → 204: taken, not seen."""
    person = call.user()
    given = parameters(call.json(), schema.ACTIVITY_REQUEST, "sendActivityNotification")
    _check_topic(object_value(given.get("topic"), schema.ACTIVITY_TOPIC, "teamworkActivityTopic"))
    activity = text_field(given, "activityType")
    if activity != RESERVED:
        raise bad_request(f"Activity type '{activity}' is not declared in the manifest of the app.")
    if "previewText" in given:
        text_field(object_value(given["previewText"], schema.ITEM_BODY, "itemBody"), "content")
    if "systemDefaultText" not in _values(given.get("templateParameters")):
        raise bad_request("Template parameter 'systemDefaultText' is missing.")
    if person["id"] in call.state.without_teams_app:
        raise GraphError(
            403,
            "Forbidden",
            "Application with AAD App Id is not authorized to generate custom text notifications about"
            f" '{_TEAMS}' to the recipient. Ensure that the expected Teams app is installed in the target scope (user,"
            " team, or chat).",
        )
    return Answer(204)


def _check_topic(topic: Json) -> None:
    """A topic of one's own words has to lead somewhere in Teams; one that Graph knows leads to itself."""
    source, value = text_field(topic, "source"), text_field(topic, "value")
    if source not in {"text", "entityUrl"} or not value:
        raise cannot_convert(source, "microsoft.graph.teamworkActivityTopicSource")
    if source == "text" and not text_field(topic, "webUrl", default="").startswith(_TEAMS):
        raise bad_request("'webUrl' must be a Microsoft Teams deep link when 'source' is 'text'.")


def _values(listed: object) -> dict[str, str]:
    if not isinstance(listed, list):
        raise cannot_convert(listed, "Collection(microsoft.graph.keyValuePair)")
    pairs = [object_value(one, schema.KEY_VALUE, "keyValuePair") for one in listed]
    return {text_field(pair, "name"): text_field(pair, "value") for pair in pairs}
