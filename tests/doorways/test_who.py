"""Who it is about changes on the way: an account renamed, made anew, or given to another manager."""

from tests.doorways.story import Story

JANA = "jana.hoffmann@larkspur.example"
TOMAS = "tomas.vesely@larkspur.example"


def test_another_manager_gets_a_link_of_his_own_and_the_one_before_hears_of_it(story: Story) -> None:
    """Changed in Entra after the link went out: the old link is dead, the new one opens, each knows where he stands."""
    case = story.posts(story.hire()).until("invited")
    old = case.link()
    new = TOMAS if case.hire.manager != TOMAS else JANA
    story.change("upsert-user", user={"userPrincipalName": case.hire.upn, "manager": new})
    case.until("issued")
    assert story.mails(case.hire.manager_mail)[-1]["subject"].endswith("no longer yours")
    link = story.links(new)[-1]
    case.opens()
    claim = story.company.claim()
    assert case.reveal(claim, link=old).status == 403
    assert case.reveal(claim, by=new, link=link).status == 200
    assert len(story.passes()) == 1


def test_a_renamed_account_keeps_its_link_and_one_made_anew_gets_another(story: Story) -> None:
    """Renamed, it is found by its number; deleted and made anew, it is another account, and the mail says so."""
    renamed, anew = story.posts(story.hire()), story.posts(story.hire("jonas-keller"))
    for case in (renamed, anew):
        case.until("invited")
    user = story.company.directory()["people"]["amelie-brandt"]["id"]
    story.change("upsert-user", user={"id": user, "userPrincipalName": "amelie.neu@larkspur.example"})
    story.change("delete-user", user=anew.hire.upn)
    whole = {"displayName": anew.hire.name, "employeeId": anew.hire.employee_id, "manager": anew.hire.manager}
    story.change("upsert-user", user={"userPrincipalName": anew.hire.upn, **whole})
    for case in (renamed, anew):
        case.until("issued")
    assert len([link for link in story.links() if link.onboarding == renamed.id]) == 1
    assert len([link for link in story.links() if link.onboarding == anew.id]) == 2
    assert "Links from earlier mails no longer work" in story.mails(anew.hire.manager_mail)[-1]["text"]
