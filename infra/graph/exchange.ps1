<#
.SYNOPSIS
Lets the app send from one mailbox, and from no other, by Exchange RBAC for Applications; -Remove takes it back.

.DESCRIPTION
Run once by an Exchange Administrator, with the module ExchangeOnlineManagement. Mail.Send must not be granted in
Entra besides: that grant would be for every mailbox. It can take up to two hours until Exchange knows of a change.
#>
[CmdletBinding(DefaultParameterSetName = 'SetUp')]
param(
  [Parameter(Mandatory, ParameterSetName = 'SetUp')][ValidatePattern('^[^@''\s]+@[^@''\s]+$')][string]$Mailbox,
  [Parameter(Mandatory)][guid]$AppId,
  [Parameter(Mandatory, ParameterSetName = 'SetUp')][guid]$ObjectId,
  [Parameter(Mandatory, ParameterSetName = 'Remove')][switch]$Remove
)
$ErrorActionPreference = 'Stop'
$name = 'Day One Pass mailbox'
Connect-ExchangeOnline -ShowBanner:$false

if ($Remove) {
  Get-ManagementRoleAssignment -RoleAssignee $AppId -ErrorAction SilentlyContinue | Remove-ManagementRoleAssignment -Confirm:$false
  Get-ManagementScope -Identity $name -ErrorAction SilentlyContinue | Remove-ManagementScope -Confirm:$false
  Get-ServicePrincipal -Identity $AppId -ErrorAction SilentlyContinue | Remove-ServicePrincipal -Confirm:$false
  if (Get-ManagementRoleAssignment -RoleAssignee $AppId -ErrorAction SilentlyContinue) { throw 'Still assigned: run this again.' }
  Write-Output 'Exchange lets the app send from no mailbox any more.'
  return
}

if (-not (Get-ServicePrincipal -Identity $AppId -ErrorAction SilentlyContinue)) {
  New-ServicePrincipal -AppId $AppId -ObjectId $ObjectId -DisplayName 'Day One Pass' | Out-Null
}
$filter = "PrimarySmtpAddress -eq '$Mailbox'"
if (Get-ManagementScope -Identity $name -ErrorAction SilentlyContinue) {
  Set-ManagementScope -Identity $name -RecipientRestrictionFilter $filter
} else {
  New-ManagementScope -Name $name -RecipientRestrictionFilter $filter | Out-Null
}
if (-not (Get-ManagementRoleAssignment -RoleAssignee $AppId -ErrorAction SilentlyContinue)) {
  New-ManagementRoleAssignment -App $AppId -Role 'Application Mail.Send' -CustomResourceScope $name | Out-Null
}
Test-ServicePrincipalAuthorization -Identity $AppId -Resource $Mailbox
