"""The profiles that the app may make, as Intune's settings catalog takes them. Pure.

The shape is that of `deviceManagementConfigurationPolicy` in Graph beta; all types and the settings' definitions are
written out, for Graph refuses a setting instance without its type.
"""

from collections.abc import Mapping
from typing import Any

WEB_SIGN_IN = "device_vendor_msft_policy_config_authentication_enablewebsignin"
WEB_SIGN_IN_ENABLED = f"{WEB_SIGN_IN}_1"
DEFAULT_PROVIDER = "device_vendor_msft_policy_config_admx_credentialproviders_defaultcredentialprovider"
DEFAULT_PROVIDER_ASSIGNED = f"{DEFAULT_PROVIDER}_1"
DEFAULT_PROVIDER_NAME = f"{DEFAULT_PROVIDER}_defaultcredentialprovider_message"
PROVIDERS: Mapping[str, str] = {
    "windows-hello": "{D6886603-9D2F-4EB2-B667-1971041FA96B}",
    "password": "{60B78E88-EAD8-445C-9CFD-0B87F74EA6CD}",
}
"""Windows' own class ids of the credential providers that may be everyone's default."""
WEB_SIGN_IN_PROVIDER = "{C5D7540A-CD51-453B-B22B-05305BA03F07}"
_TYPE = "#microsoft.graph.deviceManagementConfiguration"


def profile_body(name: str) -> dict[str, Any]:
    """Return a profile of this name that enables Web sign-in on Windows, to be made; assigned to nobody yet."""
    told = "Puts the globe of Web sign-in on the lock screen, where a Temporary Access Pass is typed."
    return _body(name, told, _choice(WEB_SIGN_IN, WEB_SIGN_IN_ENABLED))


def companion_body(name: str, provider: str) -> dict[str, Any]:
    """Return a profile of this name that makes `provider` the default at the lock screen; assigned to nobody yet.

    `provider` is one of `PROVIDERS`. Without it whoever used Web sign-in once finds it chosen ever after.
    """
    named = {
        "@odata.type": f"{_TYPE}SimpleSettingInstance",
        "settingDefinitionId": DEFAULT_PROVIDER_NAME,
        "simpleSettingValue": {"@odata.type": f"{_TYPE}StringSettingValue", "value": PROVIDERS[provider]},
    }
    told = "Keeps Web sign-in from staying everyone's default at the lock screen, once it was used."
    return _body(name, told, _choice(DEFAULT_PROVIDER, DEFAULT_PROVIDER_ASSIGNED, named))


def _choice(definition: str, value: str, *children: Mapping[str, Any]) -> dict[str, Any]:
    choice = {"@odata.type": f"{_TYPE}ChoiceSettingValue", "value": value, "children": list(children)}
    return {
        "@odata.type": f"{_TYPE}ChoiceSettingInstance",
        "settingDefinitionId": definition,
        "choiceSettingValue": choice,
    }


def _body(name: str, description: str, instance: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "name": name,
        "description": description,
        "platforms": "windows10",
        "technologies": "mdm",
        "roleScopeTagIds": ["0"],
        "templateReference": {"templateId": "", "templateFamily": "none"},
        "settings": [{"@odata.type": f"{_TYPE}Setting", "settingInstance": dict(instance)}],
    }
