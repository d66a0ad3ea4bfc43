// What somebody is woken for. docs/runbook.md has an entry for each.
param location string
param tags object
param mail string
param address string
param insightsId string
param workspaceId string

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

// The host itself puts a message there after five attempts, so this is seen even if the app writes no log at all.
resource poisoned 'Microsoft.Insights/scheduledQueryRules@2023-12-01' = {
  name: 'poisoned'
  location: location
  tags: tags
  properties: {
    displayName: 'poisoned'
    description: 'A step failed five times. docs/runbook.md: poisoned.'
    severity: 2
    enabled: true
    scopes: [workspaceId]
    evaluationFrequency: 'PT5M'
    windowSize: 'PT10M'
    criteria: {
      allOf: [
        {
          query: 'StorageQueueLogs | where OperationName == "PutMessage" and Uri has "-poison/"'
          timeAggregation: 'Count'
          operator: 'GreaterThan'
          threshold: 0
        }
      ]
    }
    actions: { actionGroups: [people.id] }
  }
}

resource secretsRead 'Microsoft.Insights/scheduledQueryRules@2023-12-01' = {
  name: 'vault-refused'
  location: location
  tags: tags
  properties: {
    displayName: 'vault-refused'
    description: 'The vault refused somebody, or a secret is missing or has expired. docs/runbook.md: vault-refused.'
    severity: 2
    enabled: true
    scopes: [workspaceId]
    evaluationFrequency: 'PT15M'
    windowSize: 'PT15M'
    criteria: {
      allOf: [
        {
          query: 'AzureDiagnostics | where ResourceProvider == "MICROSOFT.KEYVAULT" and httpStatusCode_d in (403, 404)'
          timeAggregation: 'Count'
          operator: 'GreaterThan'
          threshold: 0
        }
      ]
    }
    actions: { actionGroups: [people.id] }
  }
}
