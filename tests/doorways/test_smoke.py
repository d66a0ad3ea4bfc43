"""What the pipeline asks after a deployment, asked of the app in its sandbox."""

from tests.doorways.story import Story
from tools.smoke import asker, smoke_findings


def test_the_running_app_passes(story: Story) -> None:
    """The app in its sandbox, behind a stand-in for App Service, is found to be as it should be."""
    story.world.run_timer("sweep")
    assert list(smoke_findings(asker(story.world.app), story.world.settings()["TENANT_ID"])) == []
