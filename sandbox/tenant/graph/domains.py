"""Domains, and the federation settings of those that are federated."""

from sandbox.tenant.errors import not_found
from sandbox.tenant.graph.calls import Answer, Call


def find(call: Call) -> Answer:
    """GET /domains: the first is the default one."""
    found = [
        {
            "id": name,
            "authenticationType": "Managed" if federated is None else "Federated",
            "isDefault": index == 0,
            "isInitial": False,
            "isRoot": True,
            "isVerified": True,
            "isAdminManaged": True,
            "supportedServices": ["Email", "OfficeCommunicationsOnline"],
        }
        for index, (name, federated) in enumerate(call.state.domains.items())
    ]
    shown = found if call.select is None else [{key: one[key] for key in call.select if key in one} for one in found]
    return call.page(shown, "domains")


def federation(call: Call) -> Answer:
    """GET /domains/{domain}/federationConfiguration: one element, or 404 where the domain is not federated."""
    name = call.parameters["domain"].lower()
    found = call.state.domains.get(name)
    if found is None:
        raise not_found(name)
    return call.page([found], f"domains('{name}')/federationConfiguration")
