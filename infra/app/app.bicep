// The app on Flex Consumption: its code, its settings, and who App Service lets sign in.
param name string
param planName string
param location string
param tags object
param identityName string
param platformStorageName string
param dataStorageName string
param deploymentContainer string
param insightsName string
param vaultUri string
param subnetId string
param instanceMemory int
param alwaysReady int
param customDomain string
param applicationClientId string
param admittedClientIds array
param deployerPrincipalId string
param hrSources object
param rowKeys object
param communicationEndpoint string

@description('What the app is told, by the names of its settings.')
param settings object

var websiteContributor = 'de139f84-1756-47ae-9be6-808fbbe84772'

resource identity 'Microsoft.ManagedIdentity/userAssignedIdentities@2023-01-31' existing = {
  name: identityName
}

resource platformStorage 'Microsoft.Storage/storageAccounts@2023-05-01' existing = {
  name: platformStorageName
}

resource dataStorage 'Microsoft.Storage/storageAccounts@2023-05-01' existing = {
  name: dataStorageName
}

resource insights 'Microsoft.Insights/components@2020-02-02' existing = {
  name: insightsName
}

resource plan 'Microsoft.Web/serverfarms@2024-04-01' = {
  name: planName
  location: location
  tags: tags
  kind: 'functionapp'
  sku: { tier: 'FlexConsumption', name: 'FC1' }
  properties: { reserved: true }
}

resource app 'Microsoft.Web/sites@2024-04-01' = {
  name: name
  location: location
  tags: tags
  kind: 'functionapp,linux'
  identity: {
    type: 'UserAssigned'
    userAssignedIdentities: { '${identity.id}': {} }
  }
  properties: {
    serverFarmId: plan.id
    httpsOnly: true
    clientAffinityEnabled: false
    keyVaultReferenceIdentity: identity.id
    virtualNetworkSubnetId: empty(subnetId) ? null : subnetId
    siteConfig: {
      alwaysOn: false
      ftpsState: 'Disabled'
      http20Enabled: true
      minTlsVersion: '1.2'
      scmMinTlsVersion: '1.2'
      remoteDebuggingEnabled: false
      vnetRouteAllEnabled: !empty(subnetId)
    }
    functionAppConfig: {
      deployment: {
        storage: {
          type: 'blobContainer'
          value: '${platformStorage.properties.primaryEndpoints.blob}${deploymentContainer}'
          authentication: {
            type: 'UserAssignedIdentity'
            userAssignedIdentityResourceId: identity.id
          }
        }
      }
      runtime: { name: 'python', version: '3.13' }
      scaleAndConcurrency: {
        instanceMemoryMB: instanceMemory
        maximumInstanceCount: 40
        alwaysReady: alwaysReady == 0 ? [] : [{ name: 'http', instanceCount: alwaysReady }]
      }
    }
  }
}

// WEBSITE_AUTH_ENABLED is the platform's own word that sign-in is on: it must never be set here.
var platformSettings = {
  AzureWebJobsStorage__accountName: platformStorage.name
  AzureWebJobsStorage__credential: 'managedidentity'
  AzureWebJobsStorage__clientId: identity.properties.clientId
  APPLICATIONINSIGHTS_CONNECTION_STRING: insights.properties.ConnectionString
  APPLICATIONINSIGHTS_AUTHENTICATION_STRING: 'Authorization=AAD;ClientId=${identity.properties.clientId}'
  // The worker hands each invocation's trace context on, and leaves the logs to the app, which masks and exports them.
  PYTHON_ENABLE_OPENTELEMETRY: 'true'
  // The exporter sends figures about itself to nobody, and takes no orders from anywhere about what it exports.
  APPLICATIONINSIGHTS_STATSBEAT_DISABLED_ALL: 'true'
  APPLICATIONINSIGHTS_SDKSTATS_DISABLED: 'true'
  APPLICATIONINSIGHTS_CONTROLPLANE_DISABLED: 'true'
  APPLICATIONINSIGHTS_OPENTELEMETRY_RESOURCE_METRIC_DISABLED: 'true'
  OVERRIDE_USE_MI_FIC_ASSERTION_CLIENTID: identity.properties.clientId
}

var ownSettings = {
  TENANT_ID: tenant().tenantId
  AZURE_CLIENT_ID: identity.properties.clientId
  STORAGE__tableServiceUri: dataStorage.properties.primaryEndpoints.table
  STORAGE__blobServiceUri: dataStorage.properties.primaryEndpoints.blob
  STORAGE__queueServiceUri: dataStorage.properties.primaryEndpoints.queue
  STORAGE__credential: 'managedidentity'
  STORAGE__clientId: identity.properties.clientId
  LINK_BASE_URL: 'https://${empty(customDomain) ? app.properties.defaultHostName : customDomain}'
  HR_SOURCES: string(hrSources)
  ROW_KEYS: string(rowKeys)
  COMMUNICATION_ENDPOINT: communicationEndpoint
}

// Each setting that holds a secret refers to the secret of the same name in the vault, in small letters with hyphens.
var hrSecretSettings = flatten(map(items(hrSources), source => map(items(source.value.secrets), secret => secret.value)))
var rowKeySettings = map(items(rowKeys), key => key.value)
var secretSettings = toObject(
  union(hrSecretSettings, rowKeySettings),
  setting => setting,
  setting => '@Microsoft.KeyVault(SecretUri=${vaultUri}secrets/${toLower(replace(setting, '_', '-'))})'
)

resource appSettings 'Microsoft.Web/sites/config@2024-04-01' = {
  parent: app
  name: 'appsettings'
  properties: union(platformSettings, ownSettings, settings, secretSettings)
}

// Anonymous to the platform, for HR systems sign their events instead: each route checks for itself. Off until the app
// registration exists: then every protected route answers 503 and says so.
resource authentication 'Microsoft.Web/sites/config@2024-04-01' = {
  parent: app
  name: 'authsettingsV2'
  properties: {
    platform: { enabled: !empty(applicationClientId) }
    globalValidation: {
      requireAuthentication: false
      unauthenticatedClientAction: 'AllowAnonymous'
    }
    httpSettings: { requireHttps: true }
    identityProviders: {
      azureActiveDirectory: {
        enabled: !empty(applicationClientId)
        registration: {
          openIdIssuer: '${environment().authentication.loginEndpoint}${tenant().tenantId}/v2.0'
          clientId: applicationClientId
          clientSecretSettingName: 'OVERRIDE_USE_MI_FIC_ASSERTION_CLIENTID'
        }
        validation: {
          allowedAudiences: [applicationClientId, 'api://${applicationClientId}']
          defaultAuthorizationPolicy: {
            allowedApplications: union([applicationClientId], admittedClientIds)
          }
        }
      }
    }
    login: {
      tokenStore: { enabled: false }
      cookieExpiration: { convention: 'FixedTime', timeToExpiration: '08:00:00' }
    }
  }
  dependsOn: [appSettings]
}

resource noFtp 'Microsoft.Web/sites/basicPublishingCredentialsPolicies@2024-04-01' = {
  parent: app
  name: 'ftp'
  properties: { allow: false }
}

resource noScmPassword 'Microsoft.Web/sites/basicPublishingCredentialsPolicies@2024-04-01' = {
  parent: app
  name: 'scm'
  properties: { allow: false }
}

resource deployer 'Microsoft.Authorization/roleAssignments@2022-04-01' = if (!empty(deployerPrincipalId)) {
  name: guid(app.id, deployerPrincipalId, websiteContributor)
  scope: app
  properties: {
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', websiteContributor)
    principalId: deployerPrincipalId
    principalType: 'ServicePrincipal'
    description: 'The pipeline puts new code into this app, and can do nothing else.'
  }
}

output name string = app.name
output planId string = plan.id
output address string = 'https://${empty(customDomain) ? app.properties.defaultHostName : customDomain}'
