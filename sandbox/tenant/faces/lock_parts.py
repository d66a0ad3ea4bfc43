"""The drawings and the device list of the lock screen. The drawings are our own; `pages/lock.html` has the rest."""

from sandbox.tenant.faces.markup import Markup

OPTION = '<option value="{id}"{chosen}>{words}</option>'
PLACE = '<optgroup label="{place}">{devices}</optgroup>'

_GLOBE = (
    '<svg viewBox="0 0 24 24" aria-hidden="true"><circle cx="12" cy="12" r="9"/>'
    '<ellipse cx="12" cy="12" rx="4" ry="9"/>'
    '<path d="M3.6 9h16.8M3.6 15h16.8"/></svg>'
)
_KEY = (
    '<svg viewBox="0 0 24 24" aria-hidden="true"><circle cx="8" cy="15.5" r="4.5"/>'
    '<path d="M11.3 12.2 20 3.5M16.5 7l3 3M14 9.5l2 2"/></svg>'
)
_PIN = (
    '<svg viewBox="0 0 24 24" aria-hidden="true"><rect x="3" y="6" width="18" height="12" rx="2"/>'
    '<path d="M7.5 12h.01M12 12h.01M16.5 12h.01"/></svg>'
)
_PERSON = (
    '<svg viewBox="0 0 24 24" aria-hidden="true"><circle cx="12" cy="8.5" r="4"/>'
    '<path d="M4 21c.6-4.6 3.8-7 8-7s7.4 2.4 8 7"/></svg>'
)
_POWER = '<svg viewBox="0 0 24 24" aria-hidden="true"><path d="M12 3v9M7 6.2a8 8 0 1 0 10 0"/></svg>'
_NETWORK = (
    '<svg class="net" viewBox="0 0 24 24" role="img" aria-label="Internet">'
    '<path d="M2.5 9a13.5 13.5 0 0 1 19 0M6 12.8a8.6 8.6 0 0 1 12 0M9.2 16.4a4 4 0 0 1 5.6 0M12 20h.01"/></svg>'
    '<svg class="nonet" viewBox="0 0 24 24" role="img" aria-label="No Internet" hidden><circle cx="12" cy="12" r="9"/>'
    '<path d="M3.6 9h16.8M12 3c-3 3-4 6-4 9s1 6 4 9M4 20 20 4"/></svg>'
)

ICONS = {
    name: Markup(drawing)
    for name, drawing in {
        "globe": _GLOBE,
        "key": _KEY,
        "pin": _PIN,
        "person": _PERSON,
        "power": _POWER,
        "network": _NETWORK,
    }.items()
}
