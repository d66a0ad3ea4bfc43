// Run once by an administrator (Privileged Role Administrator): the app's identity, its rights in Microsoft Graph, and
// the app registration that people sign in to. The pipeline never holds these rights. set-up.sh does the same with the
// Azure CLI; Mail.Send is granted for one mailbox only, by exchange.ps1. docs/deploy.md leads through it.
extension microsoftGraphV1

@description('The environment\'s name, the same as in azd.')
param environmentName string

param location string = resourceGroup().location

@description('Host names of the app, without https://: Azure\'s own, and the company\'s if it has one.')
param hostNames array

@description('Features that need more rights than every app has: see optional in permissions.json.')
param features array = []

var permissions = loadJsonContent('permissions.json')
var granted = concat(permissions.application, filter(permissions.optional, one => contains(features, one.feature)))

module identity '../app/identity.bicep' = {
  name: 'identity'
  params: {
    name: 'id-day-one-pass-${environmentName}'
    location: location
    tags: { 'azd-env-name': environmentName }
  }
}

resource graph 'Microsoft.Graph/servicePrincipals@v1.0' existing = {
  appId: '00000003-0000-0000-c000-000000000000'
}

resource grants 'Microsoft.Graph/appRoleAssignedTo@v1.0' = [for one in granted: {
  appRoleId: one.id
  principalId: identity.outputs.principalId
  resourceId: graph.id
}]

resource application 'Microsoft.Graph/applications@v1.0' = {
  uniqueName: 'day-one-pass-${environmentName}'
  displayName: 'Day One Pass (${environmentName})'
  signInAudience: 'AzureADMyOrg'
  api: {
    requestedAccessTokenVersion: 2
    oauth2PermissionScopes: [permissions.scope]
  }
  appRoles: [for role in permissions.appRoles: {
    id: role.id
    value: role.value
    displayName: role.value
    description: role.description
    allowedMemberTypes: role.allowedMemberTypes
    isEnabled: true
  }]
  optionalClaims: {
    accessToken: [{ name: 'idtyp', essential: false, additionalProperties: ['include_user_token'] }]
  }
  web: {
    redirectUris: [for host in hostNames: 'https://${host}/.auth/login/aad/callback']
    implicitGrantSettings: { enableIdTokenIssuance: true, enableAccessTokenIssuance: false }
  }

  resource trust 'federatedIdentityCredentials@v1.0' = {
    name: 'day-one-pass-${environmentName}/app-identity'
    description: 'App Service proves the app with its identity; there is no client secret.'
    audiences: ['api://AzureADTokenExchange']
    issuer: '${environment().authentication.loginEndpoint}${tenant().tenantId}/v2.0'
    subject: identity.outputs.principalId
  }
}

// No assignment is required: any manager may have to collect, and holds no role of this app.
resource people 'Microsoft.Graph/servicePrincipals@v1.0' = {
  appId: application.appId
  appRoleAssignmentRequired: false
}

output applicationClientId string = application.appId
output identityClientId string = identity.outputs.clientId
output identityPrincipalId string = identity.outputs.principalId
