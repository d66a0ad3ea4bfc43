// What somebody is woken for. docs/runbook.md has an entry for each.
param location string
param tags object
param mail string
param address string
param insightsId string
param workspaceId string
param vaultName string

resource people 'Microsoft.Insights/actionGroups@2023-01-01' = {
  name: 'day-one-pass'
  location: 'global'
  tags: tags
  properties: {
    groupShortName: 'DayOnePass'
    enabled: true
    emailReceivers: [{ name: 'desk', emailAddress: mail, useCommonAlertSchema: true }]
  }
}

// Health answers 503 once the sweep is five minutes old, or the settings cannot be read.
resource alive 'Microsoft.Insights/webtests@2022-06-15' = {
  name: 'day-one-pass-alive'
  location: location
  kind: 'standard'
  tags: union(tags, { 'hidden-link:${insightsId}': 'Resource' })
  properties: {
    Name: 'day-one-pass-alive'
    SyntheticMonitorId: 'day-one-pass-alive'
    Kind: 'standard'
    Enabled: true
    Frequency: 300
    Timeout: 30
    RetryEnabled: true
    Locations: [{ Id: 'emea-nl-ams-azr' }, { Id: 'us-va-ash-azr' }, { Id: 'apac-sg-sin-azr' }]
    Request: { RequestUrl: '${address}/api/health', HttpVerb: 'GET' }
    ValidationRules: { ExpectedHttpStatusCode: 200, SSLCheck: true, SSLCertRemainingLifetimeCheck: 14 }
  }
}

resource notAlive 'Microsoft.Insights/metricAlerts@2018-03-01' = {
  name: 'not-alive'
  location: 'global'
  tags: tags
  properties: {
    description: 'The sweep has stopped, or the app does not answer. docs/runbook.md: not-alive.'
    severity: 1
    enabled: true
    scopes: [alive.id, insightsId]
    evaluationFrequency: 'PT1M'
    windowSize: 'PT5M'
    criteria: {
      'odata.type': 'Microsoft.Azure.Monitor.WebtestLocationAvailabilityCriteria'
      webTestId: alive.id
      componentId: insightsId
      failedLocationCount: 2
    }
    actions: [{ actionGroupId: people.id }]
  }
}

// What the logs tell. Each name is a heading in docs/runbook.md; a threshold is what is still ordinary.
var rules = [
  {
    name: 'poisoned' // the host itself puts the message there, so it is seen even if the app writes no log
    description: 'A step failed five times.'
    severity: 2
    window: 'PT10M'
    threshold: 0
    query: 'StorageQueueLogs | where OperationName == "PutMessage" and Uri has "-poison/"'
  }
  {
    name: 'row-altered'
    description: 'A row was changed by something that is not this app.'
    severity: 1
    window: 'PT10M'
    threshold: 0
    query: 'AppTraces | where Message startswith "altered row put aside"'
  }
  {
    name: 'sweep-old' // told by whoever asks for the health report: `not-alive` does, every five minutes
    description: 'The sweep has not begun for five minutes.'
    severity: 1
    window: 'PT15M'
    threshold: 0
    query: 'AppMetrics | where Name == "day_one_pass.sweep.age" and Max > 300'
  }
  {
    name: 'waiting' // a wait is looked at every half hour, and counted each time
    description: 'A hire who starts within 24 hours waits for something that a person has to mend.'
    severity: 2
    window: 'PT1H'
    threshold: 0
    query: 'AppMetrics | where Name == "day_one_pass.waits" and Properties["day_one_pass.within_day"] =~ "true" and Properties["day_one_pass.reason"] !in ("paused", "observing", "outside-pilot", "other-onboarding-running", "device-not-named", "tenant-unavailable", "tenant-throttled", "assignment-overwritten")'
  }
  {
    name: 'refused-events'
    description: 'Events of an HR system are refused: hires may be missing.'
    severity: 2
    window: 'PT15M'
    threshold: 0
    query: 'AppMetrics | where Name == "day_one_pass.problems" and Properties["day_one_pass.problem"] in ("signature-rejected", "payload-too-large", "content-type", "event-shape") | summarize refused = sum(Sum) | where refused > 4'
  }
  {
    name: 'refused-collections'
    description: 'Somebody tries links that are not his.'
    severity: 2
    window: 'PT15M'
    threshold: 0
    query: 'AppMetrics | where Name == "day_one_pass.refusals" and Properties["day_one_pass.refusal"] in ("not-proven", "cross-site") | summarize refused = sum(Sum) | where refused > 20'
  }
  {
    name: 'locked-hand-overs'
    description: 'So many collections from one place were turned away that it is held up.'
    severity: 2
    window: 'PT15M'
    threshold: 0
    query: 'AppMetrics | where Name == "day_one_pass.refusals" and Properties["day_one_pass.refusal"] == "too-many"'
  }
  {
    name: 'refused-tokens'
    description: 'Callers of the API come without a right to: a client that has lost its role, or somebody who tries.'
    severity: 3
    window: 'PT15M'
    threshold: 0
    query: 'AppMetrics | where Name == "day_one_pass.problems" and Properties["day_one_pass.problem"] in ("sign-in", "role-missing") | summarize refused = sum(Sum) | where refused > 50'
  }
  {
    name: 'forged-principals'
    description: 'Somebody says who he is in the words of App Service, and App Service did not say so.'
    severity: 1
    window: 'PT15M'
    threshold: 0
    query: 'AppMetrics | where Name == "day_one_pass.refusals" and Properties["day_one_pass.refusal"] in ("forged-principal", "nobody-of-ours")'
  }
  {
    name: 'failing'
    description: 'The app raises errors that it does not expect.'
    severity: 2
    window: 'PT15M'
    threshold: 5
    query: 'union AppExceptions, (AppTraces | where isnotempty(Properties["error.type"]))'
  }
  {
    name: 'vault-refused'
    description: 'The vault refused somebody, or a secret is missing or has expired.'
    severity: 2
    window: 'PT15M'
    threshold: 0
    query: 'AzureDiagnostics | where ResourceProvider == "MICROSOFT.KEYVAULT" and httpStatusCode_d in (403, 404)'
  }
]

resource rule 'Microsoft.Insights/scheduledQueryRules@2023-12-01' = [for one in rules: {
  name: one.name
  location: location
  tags: tags
  properties: {
    displayName: one.name
    description: '${one.description} docs/runbook.md: ${one.name}.'
    severity: one.severity
    enabled: true
    scopes: [workspaceId]
    evaluationFrequency: one.window
    windowSize: one.window
    skipQueryValidation: true // a table is there only after the first line was written to it
    criteria: {
      allOf: [
        {
          query: one.query
          timeAggregation: 'Count'
          operator: 'GreaterThan'
          threshold: one.threshold
          failingPeriods: { numberOfEvaluationPeriods: 1, minFailingPeriodsToAlert: 1 }
        }
      ]
    }
    actions: { actionGroups: [people.id] }
  }
}]

// Events of the vault come once for each version, thirty days before it expires, and again when it has.
resource vault 'Microsoft.KeyVault/vaults@2023-07-01' existing = {
  name: vaultName
}

resource vaultEvents 'Microsoft.EventGrid/systemTopics@2025-02-15' = {
  name: 'day-one-pass-vault'
  location: location
  tags: tags
  properties: {
    source: vault.id
    topicType: 'Microsoft.KeyVault.vaults'
  }
}

resource nearExpiry 'Microsoft.EventGrid/systemTopics/eventSubscriptions@2025-02-15' = {
  parent: vaultEvents
  name: 'near-expiry'
  properties: {
    eventDeliverySchema: 'CloudEventSchemaV1_0' // the only one that becomes an alert
    filter: {
      includedEventTypes: [
        'Microsoft.KeyVault.SecretNearExpiry'
        'Microsoft.KeyVault.SecretExpired'
        'Microsoft.KeyVault.KeyNearExpiry'
        'Microsoft.KeyVault.KeyExpired'
      ]
    }
    destination: {
      endpointType: 'MonitorAlert'
      properties: {
        severity: 'Sev2'
        description: 'A key or a secret of the vault expires within thirty days, or has. docs/runbook.md: near-expiry.'
        actionGroups: [people.id]
      }
    }
  }
}

resource workbook 'Microsoft.Insights/workbooks@2023-06-01' = {
  name: guid(resourceGroup().id, 'day-one-pass')
  location: location
  tags: tags
  kind: 'shared'
  properties: {
    displayName: 'Day One Pass'
    category: 'workbook'
    sourceId: workspaceId
    serializedData: loadTextContent('workbook.json')
  }
}
