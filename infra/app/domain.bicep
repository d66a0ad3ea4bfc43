// A host name of the company's own. Before it is deployed its DNS must have a CNAME to the app's host name and a TXT
// record asuid.<name> with the app's verification id: docs/deploy.md shows both.
param appName string
param planId string
param domain string
param location string
param tags object

resource app 'Microsoft.Web/sites@2024-04-01' existing = {
  name: appName
}

// Azure makes a certificate only for a name that is bound already, so it is bound first without one.
resource binding 'Microsoft.Web/sites/hostNameBindings@2024-04-01' = {
  parent: app
  name: domain
  properties: {
    hostNameType: 'Verified'
    sslState: 'Disabled'
  }
}

resource certificate 'Microsoft.Web/certificates@2024-04-01' = {
  name: 'cert-${domain}'
  location: location
  tags: tags
  properties: {
    canonicalName: domain
    serverFarmId: planId
  }
  dependsOn: [binding]
}

module secured 'domain-certificate.bicep' = {
  name: 'domain-certificate'
  params: {
    appName: appName
    domain: domain
    thumbprint: certificate.properties.thumbprint
  }
}
