// Day One Pass in one resource group of its own. Deployed by `azd provision`; docs/deploy.md leads through it.
// Before or after it an administrator runs infra/graph/ once: nothing here holds a right in Microsoft Entra.
targetScope = 'subscription'

@minLength(2)
@maxLength(20)
@description('Name of the environment, such as prod: it names the resource group and goes into every name.')
param environmentName string

@description('Azure region of everything.')
param location string

@description('Client id of the app registration that infra/graph/ made. Empty: sign-in stays off, and protected routes answer 503.')
param applicationClientId string = ''

@description('Client ids of apps that may call the API for passes, besides people who sign in.')
param admittedClientIds array = []

@description('Object id of the identity that deploys the code, such as the pipeline\'s. Empty: nobody is given that right here.')
param deployerPrincipalId string = ''

@description('Host name under which people reach the app, such as day-one.example.com. Empty: the one that Azure gives.')
param customDomain string = ''

@description('Whether storage and vault are reached through a network of the app\'s own only.')
param privateNetwork bool = false

@description('Whether Azure Communication Services are made, for text messages and mail to private addresses.')
param communication bool = false

@description('Where Azure Communication Services keep their data.')
param communicationDataLocation string = 'Europe'

@description('Resource ids of the verified e-mail domains that mails may be sent from. One that is not named here is unlinked.')
param communicationDomains array = []

@allowed([512, 2048, 4096])
@description('Memory of an instance, in megabytes.')
param instanceMemory int = 512

@minValue(0)
@description('Instances for HTTP that never go to sleep. Each costs about as much as docs/cost.md says, all month.')
param alwaysReady int = 0

@allowed(['Standard_LRS', 'Standard_ZRS', 'Standard_GRS', 'Standard_GZRS'])
@description('Redundancy of the storage accounts.')
param storageSku string = 'Standard_ZRS'

@minValue(30)
@maxValue(730)
@description('Days that logs are kept.')
param logDays int = 90

@description('Mail address that alerts go to. Empty: no alert rules are made.')
param alertMail string = ''

// What the app is told. docs/configuration.md says what each means; names and defaults are those of the app itself.

@description('The vault\'s secrets that rows are written and believed by, the newest first: a name for each, and its setting.')
param rowKeys object

@description('Until when rows of versions that wrote no authentication code are taken: only for an upgrade.')
param unsignedRowsUntil string = ''

@description('Microsoft Graph of the cloud the tenant lives in.')
param graphBaseUrl string = 'https://graph.microsoft.com'

@description('The mailbox that mails are sent from.')
param mailSender string

@description('By what mails go: the first of these that takes them, graph or communication.')
param mailChannels array = ['graph']

@description('The address that mails of Azure Communication Services are sent from. Its domain is verified by people.')
param communicationMailSender string = ''

@description('What text messages are sent from, a number or a name that people buy. hire+text needs it.')
param communicationTextSender string = ''

@description('Id of the Teams app that tells whoever collects that a mail has come: see docs/channels.md. Empty: nobody is told in Teams. It needs more rights: infra/graph, features.')
param teamsApp string = ''

@description('Who hears that a pass was opened: collector, contact, desk.')
param tellOpened array = ['collector']

@description('Who hears that nobody opened a pass in time.')
param tellNotOpened array = ['collector', 'contact', 'desk']

@description('Who hears that wrong codes locked a hire\'s link.')
param tellLocked array = ['collector', 'desk']

@description('Who hears that a pass was taken back, or a hire withdrawn.')
param tellRevoked array = ['collector']

@description('The helpdesk\'s address, named in every mail.')
param deskMail string

@description('IANA zone of a start whose event and site name none.')
param defaultTimezone string

@description('In which language people are written to where neither they nor their office have one.')
param defaultLanguage string = 'en'

@description('Places of work, by the name that HR and Entra\'s office attribute use.')
param sites object = {}

@description('IANA zones of those who collect, by user principal name.')
param collectorTimezones object = {}

@description('Object id of the device group for hires whose site and department name none.')
param deviceGroup string = ''

@description('Device groups by department.')
param departmentDeviceGroups object = {}

@description('How devices come into scope: see docs/devices.md. steady-group needs more rights: infra/graph, features.')
@allowed(['assign-group', 'steady-group'])
param scopeStrategy string = 'assign-group'

@description('With steady-group: object id of the group of the device-preparation policy. Empty: none.')
param devicePreparationGroup string = ''

@description('With steady-group: days after the first sign-in until the device leaves the group again.')
@minValue(0)
@maxValue(30)
param deviceGroupDays int = 3

@description('Id or exact name of the Intune profile that enables Web sign-in.')
param webSignInProfile string = 'Enable Web Sign-in'

@description('Id or exact name of the Intune profile that keeps Web sign-in from staying everyone\'s default. The same groups are assigned to it. Empty: none is wanted.')
param webSignInCompanion string = ''

@description('What a companion that the app makes puts first at the lock screen.')
@allowed(['windows-hello', 'password'])
param defaultCredentialProvider string = 'windows-hello'

@description('Whether the app makes the profile for Web sign-in, and its companion, where Intune has none of the name.')
param makeProfiles bool = false

@description('The HR systems that may post events. Their secrets are in the vault: see docs/deploy.md.')
param hrSources object = {}

@description('The Entra attribute that must equal the employee number of an event.')
param employeeNumberAttribute string = 'employeeId'

@description('Whether a group that an account may activate by PIM for Groups counts as one it is in. Needs the permission of the feature `pim`.')
param pimForGroups bool = false

@description('Days between an account\'s creation and the start; older accounts wait for a release.')
param accountMaxAgeDays int = 60

@description('Days after the end of an onboarding until names, addresses, numbers and start data are erased.')
param retentionDays int = 30

@description('Days after the end of an onboarding until nobody can tell any more who is who in its audit.')
param auditDays int = 365

@description('Object ids of groups whose members never get a pass from this app.')
param protectedGroups array = []

@description('Object id of the group whose members are served while the pilot lasts.')
param pilotGroup string = ''

@description('Offices, as Entra spells them, served while the pilot lasts.')
param pilotSites array = []

@description('Wished lifetime of a pass, in minutes.')
param passLifetimeMinutes int = 600

@description('Whether passes work once only. A set-up with a reboot needs the pass twice.')
param passOneTime bool = false

@description('Who collects after an HR event: the first of these who can.')
param collectorChain array = ['manager', 'contact', 'desk']

@description('Days after the hours of a pass in which whoever collects may have it made anew.')
param reissueDays int = 3

@description('When a desk hears of the next starters and their devices, such as 14:00 by its own clock; never for no digest.')
param digestAt string = '14:00'

@description('When the link is mailed: start-day or day-before.')
param linkLead string = 'start-day'

@description('Which entry of X-Forwarded-For, from the right, is the sender: one more for each gateway of your own.')
@minValue(1)
@maxValue(5)
param forwardedEntry int = 1

@description('Microsoft\'s limit on authentication-method requests of one app in one tenant.')
param passRequestsPer10Seconds int = 5

@description('Stops inviting and issuing; events are still taken.')
param pauseIssuing bool = false

@allowed(['live', 'observe'])
@description('observe plans and reports, and makes nothing.')
param mode string = 'live'

var tags = { 'azd-env-name': environmentName }
var publicAccess = privateNetwork ? 'Disabled' : 'Enabled'
var networkDefault = privateNetwork ? 'Deny' : 'Allow'

resource group 'Microsoft.Resources/resourceGroups@2024-03-01' = {
  name: 'rg-day-one-pass-${environmentName}'
  location: location
  tags: tags
}

var suffix = uniqueString(subscription().id, group.id)
var names = {
  identity: 'id-day-one-pass-${environmentName}'
  app: 'day-one-pass-${environmentName}-${take(suffix, 6)}'
  plan: 'plan-day-one-pass-${environmentName}'
  platformStorage: 'dopplat${suffix}'
  dataStorage: 'dopdata${suffix}'
  vault: 'kv-dop-${suffix}'
  workspace: 'log-day-one-pass-${environmentName}'
  insights: 'appi-day-one-pass-${environmentName}'
  network: 'vnet-day-one-pass-${environmentName}'
  communication: 'acs-day-one-pass-${suffix}'
}

module identity 'app/identity.bicep' = {
  name: 'identity'
  scope: group
  params: { name: names.identity, location: location, tags: tags }
}

module monitoring 'app/monitoring.bicep' = {
  name: 'monitoring'
  scope: group
  params: {
    workspaceName: names.workspace
    insightsName: names.insights
    location: location
    tags: tags
    logDays: logDays
  }
}

module platformStorage 'app/storage.bicep' = {
  name: 'platform-storage'
  scope: group
  params: {
    name: names.platformStorage
    location: location
    tags: tags
    sku: storageSku
    containers: ['deployment']
    publicAccess: publicAccess
    networkDefault: networkDefault
    workspaceId: monitoring.outputs.workspaceId
  }
}

module dataStorage 'app/storage.bicep' = {
  name: 'data-storage'
  scope: group
  params: {
    name: names.dataStorage
    location: location
    tags: tags
    sku: storageSku
    tables: ['onboardings', 'people', 'leases']
    queues: [
      'send-invite'
      'send-invite-poison'
      'issue-pass'
      'issue-pass-poison'
      'scope-web-sign-in'
      'scope-web-sign-in-poison'
      'tidy-up'
      'tidy-up-poison'
    ]
    publicAccess: publicAccess
    networkDefault: networkDefault
    workspaceId: monitoring.outputs.workspaceId
  }
}

// A source of the kind csv may name a container in which HR leaves its tables.
var sourcesWithOptions = filter(items(hrSources), source => contains(source.value, 'options'))
var sourcesWithContainer = filter(sourcesWithOptions, source => contains(source.value.options, 'container'))

module drops 'app/drop.bicep' = [for source in sourcesWithContainer: {
  name: 'drop-${source.key}'
  scope: group
  params: {
    name: source.value.options.container
    principalId: identity.outputs.principalId
    dataStorageName: dataStorage.outputs.name
  }
}]

module vault 'app/vault.bicep' = {
  name: 'vault'
  scope: group
  params: {
    name: names.vault
    location: location
    tags: tags
    publicAccess: publicAccess
    networkDefault: networkDefault
    workspaceId: monitoring.outputs.workspaceId
  }
}

module network 'app/network.bicep' = if (privateNetwork) {
  name: 'network'
  scope: group
  params: {
    name: names.network
    location: location
    tags: tags
    platformStorageName: platformStorage.outputs.name
    dataStorageName: dataStorage.outputs.name
    vaultName: vault.outputs.name
    dataBlobs: !empty(sourcesWithContainer)
  }
}

module roles 'app/roles.bicep' = {
  name: 'roles'
  scope: group
  params: {
    principalId: identity.outputs.principalId
    platformStorageName: platformStorage.outputs.name
    dataStorageName: dataStorage.outputs.name
    vaultName: vault.outputs.name
    insightsName: monitoring.outputs.insightsName
  }
}

module app 'app/app.bicep' = {
  name: 'app'
  scope: group
  params: {
    name: names.app
    planName: names.plan
    location: location
    tags: union(tags, { 'azd-service-name': 'app' })
    identityName: identity.outputs.name
    platformStorageName: platformStorage.outputs.name
    dataStorageName: dataStorage.outputs.name
    deploymentContainer: 'deployment'
    insightsName: monitoring.outputs.insightsName
    vaultUri: vault.outputs.uri
    subnetId: privateNetwork ? network!.outputs.appSubnetId : ''
    instanceMemory: instanceMemory
    alwaysReady: alwaysReady
    customDomain: customDomain
    applicationClientId: applicationClientId
    admittedClientIds: admittedClientIds
    deployerPrincipalId: deployerPrincipalId
    hrSources: hrSources
    rowKeys: rowKeys
    communicationEndpoint: communication ? communicationServices!.outputs.endpoint : ''
    settings: {
      UNSIGNED_ROWS_UNTIL: unsignedRowsUntil
      GRAPH_BASE_URL: graphBaseUrl
      MAIL_SENDER: mailSender
      MAIL_CHANNELS: string(mailChannels)
      COMMUNICATION_MAIL_SENDER: communicationMailSender
      COMMUNICATION_TEXT_SENDER: communicationTextSender
      TEAMS_APP: teamsApp
      TELL_OPENED: string(tellOpened)
      TELL_NOT_OPENED: string(tellNotOpened)
      TELL_LOCKED: string(tellLocked)
      TELL_REVOKED: string(tellRevoked)
      DESK_MAIL: deskMail
      DEFAULT_TIMEZONE: defaultTimezone
      DEFAULT_LANGUAGE: defaultLanguage
      SITES: string(sites)
      COLLECTOR_TIMEZONES: string(collectorTimezones)
      DEVICE_GROUP: deviceGroup
      DEPARTMENT_DEVICE_GROUPS: string(departmentDeviceGroups)
      SCOPE_STRATEGY: scopeStrategy
      DEVICE_PREPARATION_GROUP: devicePreparationGroup
      DEVICE_GROUP_DAYS: string(deviceGroupDays)
      WEB_SIGN_IN_PROFILE: webSignInProfile
      WEB_SIGN_IN_COMPANION: webSignInCompanion
      DEFAULT_CREDENTIAL_PROVIDER: defaultCredentialProvider
      MAKE_PROFILES: string(makeProfiles)
      EMPLOYEE_NUMBER_ATTRIBUTE: employeeNumberAttribute
      ACCOUNT_MAX_AGE_DAYS: string(accountMaxAgeDays)
      PIM_FOR_GROUPS: string(pimForGroups)
      RETENTION_DAYS: string(retentionDays)
      AUDIT_DAYS: string(auditDays)
      PROTECTED_GROUPS: string(protectedGroups)
      PILOT_GROUP: pilotGroup
      PILOT_SITES: string(pilotSites)
      PASS_LIFETIME_MINUTES: string(passLifetimeMinutes)
      PASS_ONE_TIME: string(passOneTime)
      COLLECTOR_CHAIN: string(collectorChain)
      REISSUE_DAYS: string(reissueDays)
      DIGEST_AT: digestAt
      LINK_LEAD: linkLead
      FORWARDED_ENTRY: string(forwardedEntry)
      PASS_REQUESTS_PER_10_SECONDS: string(passRequestsPer10Seconds)
      PAUSE_ISSUING: string(pauseIssuing)
      MODE: mode
    }
  }
  dependsOn: [roles]
}

module domain 'app/domain.bicep' = if (!empty(customDomain)) {
  name: 'domain'
  scope: group
  params: { appName: app.outputs.name, planId: app.outputs.planId, domain: customDomain, location: location, tags: tags }
}

module alerts 'app/alerts.bicep' = if (!empty(alertMail)) {
  name: 'alerts'
  scope: group
  params: {
    location: location
    tags: tags
    mail: alertMail
    address: app.outputs.address
    insightsId: monitoring.outputs.insightsId
    workspaceId: monitoring.outputs.workspaceId
    vaultName: vault.outputs.name
  }
}

module communicationServices 'app/communication.bicep' = if (communication) {
  name: 'communication'
  scope: group
  params: {
    name: names.communication
    tags: tags
    dataLocation: communicationDataLocation
    domains: communicationDomains
    principalId: identity.outputs.principalId
  }
}

output AZURE_RESOURCE_GROUP string = group.name
output APP_NAME string = app.outputs.name
output APP_ADDRESS string = app.outputs.address
output VAULT_NAME string = vault.outputs.name
output IDENTITY_NAME string = identity.outputs.name
