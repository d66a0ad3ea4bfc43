"""The Web sign-in profile as Intune's settings catalog takes it. Pure.

The shape is that of `deviceManagementConfigurationPolicy` in Graph beta; all types and the setting's definition are
written out, for Graph refuses a setting instance without its type.
"""

from typing import Any

WEB_SIGN_IN = "device_vendor_msft_policy_config_authentication_enablewebsignin"
WEB_SIGN_IN_ENABLED = f"{WEB_SIGN_IN}_1"
_TYPE = "#microsoft.graph.deviceManagementConfiguration"


def profile_body(name: str) -> dict[str, Any]:
    """Return a profile of this name that enables Web sign-in on Windows, to be made; assigned to nobody yet."""
    choice = {"@odata.type": f"{_TYPE}ChoiceSettingValue", "value": WEB_SIGN_IN_ENABLED, "children": []}
    instance = {
        "@odata.type": f"{_TYPE}ChoiceSettingInstance",
        "settingDefinitionId": WEB_SIGN_IN,
        "choiceSettingValue": choice,
    }
    return {
        "name": name,
        "description": "Puts the globe of Web sign-in on the lock screen, where a Temporary Access Pass is typed.",
        "platforms": "windows10",
        "technologies": "mdm",
        "roleScopeTagIds": ["0"],
        "templateReference": {"templateId": "", "templateFamily": "none"},
        "settings": [{"@odata.type": f"{_TYPE}Setting", "settingInstance": instance}],
    }
