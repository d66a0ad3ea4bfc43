// A container in which an HR source leaves its tables. Whoever may write to it speaks for that source: grant nobody else.
param name string
param principalId string
param dataStorageName string

var blobContributor = 'ba92f5b4-2d11-453d-a403-e96b0029c9fe'

resource dataStorage 'Microsoft.Storage/storageAccounts@2023-05-01' existing = {
  name: dataStorageName
}

resource blobs 'Microsoft.Storage/storageAccounts/blobServices@2023-05-01' existing = {
  parent: dataStorage
  name: 'default'
}

resource container 'Microsoft.Storage/storageAccounts/blobServices/containers@2023-05-01' = {
  parent: blobs
  name: name
  properties: { publicAccess: 'None' }
}

resource tables 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(container.id, principalId, blobContributor)
  scope: container
  properties: {
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', blobContributor)
    principalId: principalId
    principalType: 'ServicePrincipal'
    description: 'Tables that HR leaves there are read and deleted, and what became of each is written beside it.'
  }
}
