#!/usr/bin/env bash
# Takes away all that set-up.sh or main.bicep here has given, and looks that nothing is left.
# Run exchange.ps1 -Remove beside it first, while the identity is still known.
# Usage: remove.sh ENVIRONMENT RESOURCE_GROUP
set -euo pipefail

[ "$#" -eq 2 ] || { echo "Usage: remove.sh ENVIRONMENT RESOURCE_GROUP" >&2; exit 2; }
for tool in az jq; do
  command -v "$tool" >/dev/null || { echo "$tool is missing: Azure Cloud Shell has it, or install it here." >&2; exit 1; }
done
name="day-one-pass-$1" resource_group=$2
graph=https://graph.microsoft.com/v1.0

ask() { az rest --method "$1" --url "$graph/$2" --headers Content-Type=application/json; }
grants() { ask GET "servicePrincipals/$principal/appRoleAssignments" | jq -r '.value[].id'; }

identity=$(az identity list --resource-group "$resource_group" --output json | jq --arg name "id-$name" '.[] | select(.name == $name)')
if [ -n "$identity" ]; then
  principal=$(jq -r .principalId <<<"$identity")
  for grant in $(grants); do
    ask DELETE "servicePrincipals/$principal/appRoleAssignments/$grant" >/dev/null
    echo "taken back  $grant"
  done
  left=$(grants)
  [ -z "$left" ] || { echo "Still granted: $left. Run this again in a minute." >&2; exit 1; }
  az lock delete --name keep --resource-group "$resource_group" --resource "id-$name" \
    --resource-type Microsoft.ManagedIdentity/userAssignedIdentities
  az identity delete --name "id-$name" --resource-group "$resource_group"
  echo "deleted     id-$name"
fi

# Deleted for good: one in the bin could be put back, with its trust in an identity of the same name.
for application in $(ask GET "applications?\$filter=uniqueName%20eq%20'$name'" | jq -r '.value[].id'); do
  ask DELETE "applications/$application" >/dev/null
  ask DELETE "directory/deletedItems/$application" >/dev/null
  echo "deleted     app registration $name"
done
echo "No grant is left."
