"""Everything this product asks of Microsoft Graph, by subject, each call with the least permission that it needs.

Built with the SDK's request builders, which quote what goes into a path (`#` in a guest's name is `%23`); where the
v1.0 SDK has none (the settings catalog is beta only), the address stands here. Not sent with the builders' own `get`
and `post`: those would pass by the rules of `shared.tenant.graph`.
"""
