// The one identity of the app. Nothing else may carry it: whoever has it holds the rights in Microsoft Graph.
param name string
param location string
param tags object

resource identity 'Microsoft.ManagedIdentity/userAssignedIdentities@2023-01-31' = {
  name: name
  location: location
  tags: tags
}

resource lock 'Microsoft.Authorization/locks@2020-05-01' = {
  name: 'keep'
  scope: identity
  properties: {
    level: 'CanNotDelete'
    notes: 'Its grants in Microsoft Graph are lost with it. docs/removal.md says how to take both away.'
  }
}

output name string = identity.name
output principalId string = identity.properties.principalId
output clientId string = identity.properties.clientId
