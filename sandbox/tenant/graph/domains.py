"""Federation settings of domains."""

from sandbox.tenant.errors import not_found
from sandbox.tenant.graph.calls import Answer, Call


def federation(call: Call) -> Answer:
    """GET /domains/{domain}/federationConfiguration: one element, or 404 where the domain is not federated."""
    name = call.parameters["domain"].lower()
    found = call.state.domains.get(name)
    if found is None:
        raise not_found(name)
    return call.page([found], f"domains('{name}')/federationConfiguration")
