// What the app's identity may do in Azure, and why. It holds no right on a subscription or a resource group.
param principalId string
param platformStorageName string
param dataStorageName string
param vaultName string
param insightsName string

var role = {
  blobOwner: 'b7e6dc6d-f1e8-4753-8033-0f276bb0955b'
  queueContributor: '974c5e8b-45b9-4653-ba55-5f855dd0fb88'
  tableContributor: '0a9a7e1f-b9d0-4cc4-a60d-0319b160aaa3'
  secretsUser: '4633458b-17de-408a-b874-0445c86b69e6'
  metricsPublisher: '3913510d-42f4-4e42-8a64-420c390055eb'
}

resource platformStorage 'Microsoft.Storage/storageAccounts@2023-05-01' existing = {
  name: platformStorageName
}

resource dataStorage 'Microsoft.Storage/storageAccounts@2023-05-01' existing = {
  name: dataStorageName
}

resource vault 'Microsoft.KeyVault/vaults@2023-07-01' existing = {
  name: vaultName
}

resource insights 'Microsoft.Insights/components@2020-02-02' existing = {
  name: insightsName
}

resource platformBlobs 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(platformStorage.id, principalId, role.blobOwner)
  scope: platformStorage
  properties: {
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', role.blobOwner)
    principalId: principalId
    principalType: 'ServicePrincipal'
    description: 'The Functions host keeps its package, host keys and the leases of its timers in blobs.'
  }
}

resource dataTables 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(dataStorage.id, principalId, role.tableContributor)
  scope: dataStorage
  properties: {
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', role.tableContributor)
    principalId: principalId
    principalType: 'ServicePrincipal'
    description: 'The rows of onboardings, people and leases are read and written.'
  }
}

resource dataQueues 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(dataStorage.id, principalId, role.queueContributor)
  scope: dataStorage
  properties: {
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', role.queueContributor)
    principalId: principalId
    principalType: 'ServicePrincipal'
    description: 'Hints are sent with a delay, taken, and deleted; poison queues are emptied by the sweep.'
  }
}

resource secrets 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(vault.id, principalId, role.secretsUser)
  scope: vault
  properties: {
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', role.secretsUser)
    principalId: principalId
    principalType: 'ServicePrincipal'
    description: 'App settings refer to secrets of the vault; they are read, never written.'
  }
}

resource telemetry 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(insights.id, principalId, role.metricsPublisher)
  scope: insights
  properties: {
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', role.metricsPublisher)
    principalId: principalId
    principalType: 'ServicePrincipal'
    description: 'Logs are sent by identity, for the key of Application Insights is switched off.'
  }
}
