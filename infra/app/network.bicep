// A network of the app's own, over which alone it reaches storage and vault. People and HR systems still come by HTTPS.
param name string
param location string
param tags object
param platformStorageName string
param dataStorageName string
param vaultName string

@description('Whether the app reads containers of the data account, in which HR leaves its tables.')
param dataBlobs bool

var zoneNames = [
  'privatelink.blob.${environment().suffixes.storage}'
  'privatelink.table.${environment().suffixes.storage}'
  'privatelink.queue.${environment().suffixes.storage}'
  'privatelink.vaultcore.azure.net'
]

resource platformStorage 'Microsoft.Storage/storageAccounts@2023-05-01' existing = {
  name: platformStorageName
}

resource dataStorage 'Microsoft.Storage/storageAccounts@2023-05-01' existing = {
  name: dataStorageName
}

resource vault 'Microsoft.KeyVault/vaults@2023-07-01' existing = {
  name: vaultName
}

var alwaysReached = [
  { name: 'platform-blob', target: platformStorage.id, part: 'blob', zone: 0 }
  { name: 'data-table', target: dataStorage.id, part: 'table', zone: 1 }
  { name: 'data-queue', target: dataStorage.id, part: 'queue', zone: 2 }
  { name: 'vault', target: vault.id, part: 'vault', zone: 3 }
]
var endpoints = concat(alwaysReached, dataBlobs ? [{ name: 'data-blob', target: dataStorage.id, part: 'blob', zone: 0 }] : [])

resource appRules 'Microsoft.Network/networkSecurityGroups@2024-05-01' = {
  name: '${name}-app'
  location: location
  tags: tags
}

resource endpointRules 'Microsoft.Network/networkSecurityGroups@2024-05-01' = {
  name: '${name}-endpoints'
  location: location
  tags: tags
}

resource network 'Microsoft.Network/virtualNetworks@2024-05-01' = {
  name: name
  location: location
  tags: tags
  properties: {
    addressSpace: { addressPrefixes: ['10.71.0.0/24'] }
    subnets: [
      {
        name: 'app'
        properties: {
          addressPrefix: '10.71.0.0/26'
          networkSecurityGroup: { id: appRules.id }
          delegations: [{ name: 'flex', properties: { serviceName: 'Microsoft.App/environments' } }]
        }
      }
      {
        name: 'endpoints'
        properties: {
          addressPrefix: '10.71.0.64/27'
          networkSecurityGroup: { id: endpointRules.id }
          privateEndpointNetworkPolicies: 'Enabled'
        }
      }
    ]
  }
}

resource zones 'Microsoft.Network/privateDnsZones@2024-06-01' = [for zone in zoneNames: {
  name: zone
  location: 'global'
  tags: tags
}]

resource links 'Microsoft.Network/privateDnsZones/virtualNetworkLinks@2024-06-01' = [for (zone, index) in zoneNames: {
  parent: zones[index]
  name: 'app'
  location: 'global'
  properties: {
    registrationEnabled: false
    virtualNetwork: { id: network.id }
  }
}]

resource endpoint 'Microsoft.Network/privateEndpoints@2024-05-01' = [for one in endpoints: {
  name: 'pe-${one.name}'
  location: location
  tags: tags
  properties: {
    subnet: { id: '${network.id}/subnets/endpoints' }
    privateLinkServiceConnections: [
      {
        name: one.name
        properties: { privateLinkServiceId: one.target, groupIds: [one.part] }
      }
    ]
  }
}]

resource records 'Microsoft.Network/privateEndpoints/privateDnsZoneGroups@2024-05-01' = [for (one, index) in endpoints: {
  parent: endpoint[index]
  name: 'default'
  properties: {
    privateDnsZoneConfigs: [{ name: one.name, properties: { privateDnsZoneId: zones[one.zone].id } }]
  }
}]

output appSubnetId string = '${network.id}/subnets/app'
