// Azure Communication Services, by identity only. A sender (number or domain) is bought and verified by people.
param name string
param tags object
param dataLocation string
param domains array
param principalId string

var communicationAndEmailOwner = '09976791-48a7-449e-bb21-39d1a415f350'

resource services 'Microsoft.Communication/communicationServices@2023-06-01-preview' = {
  name: name
  location: 'global'
  tags: tags
  properties: {
    dataLocation: dataLocation
    disableLocalAuth: true
    linkedDomains: domains // said each time, for a deployment that leaves them out may take them away
  }
}

resource sending 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(services.id, principalId, communicationAndEmailOwner)
  scope: services
  properties: {
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', communicationAndEmailOwner)
    principalId: principalId
    principalType: 'ServicePrincipal'
    description: 'Text messages and mails are sent by identity.'
  }
}

output endpoint string = 'https://${services.properties.hostName}'
