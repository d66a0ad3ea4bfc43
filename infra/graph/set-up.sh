#!/usr/bin/env bash
# Does with the Azure CLI what main.bicep here does: the app's identity, its rights in Microsoft Graph, and the app
# registration that people sign in to. Run once by a Privileged Role Administrator; running it again changes nothing.
# --with grants what a feature needs besides; which there are, permissions.json says under optional.
# Usage: set-up.sh [--with FEATURE]... ENVIRONMENT RESOURCE_GROUP HOST_NAME...
set -euo pipefail
cd "$(dirname "$0")"

features=()
while [ "${1:-}" = --with ] && [ "$#" -ge 2 ]; do
  features+=("$2")
  shift 2
done
[ "$#" -ge 3 ] || { echo "Usage: set-up.sh [--with FEATURE]... ENVIRONMENT RESOURCE_GROUP HOST_NAME... (host names without https://)" >&2; exit 2; }
for tool in az jq; do
  command -v "$tool" >/dev/null || { echo "$tool is missing: Azure Cloud Shell has it, or install it here." >&2; exit 1; }
done
for feature in "${features[@]}"; do
  jq -e --arg f "$feature" 'any(.optional[]; .feature == $f)' permissions.json >/dev/null || {
    echo "There is no feature $feature. There are: $(jq -r '[.optional[].feature] | unique | join(", ")' permissions.json)" >&2
    exit 2
  }
done
environment=$1 resource_group=$2
shift 2
name="day-one-pass-$environment"
graph=https://graph.microsoft.com/v1.0

ask() { # METHOD PATH [BODY]: asks Microsoft Graph; PATCH makes what is not there yet
  local prefer=()
  [ "$1" != PATCH ] || prefer=("Prefer=create-if-missing")
  az rest --method "$1" --url "$graph/$2" --headers Content-Type=application/json "${prefer[@]}" ${3:+--body "$3"}
}

identity=$(az identity create --name "id-$name" --resource-group "$resource_group" --output json)
principal=$(jq -r .principalId <<<"$identity")
resource=$(ask GET "servicePrincipals(appId='00000003-0000-0000-c000-000000000000')" | jq -r .id)

held=$(ask GET "servicePrincipals/$principal/appRoleAssignments" | jq -r '.value[].appRoleId')
jq -r --args '.application[], (.optional[] | select(.feature as $f | any($ARGS.positional[]; . == $f)))
  | "\(.id) \(.permission)"' "${features[@]}" <permissions.json | while read -r role permission; do
  if grep -qx "$role" <<<"$held"; then
    echo "has      $permission"
  else
    body=$(jq -n --arg p "$principal" --arg r "$resource" --arg a "$role" '{principalId: $p, resourceId: $r, appRoleId: $a}')
    ask POST "servicePrincipals/$principal/appRoleAssignments" "$body" >/dev/null
    echo "granted  $permission"
  fi
done

registration=$(jq --arg name "Day One Pass ($environment)" --args '{
  displayName: $name,
  signInAudience: "AzureADMyOrg",
  api: {requestedAccessTokenVersion: 2, oauth2PermissionScopes: [.scope]},
  appRoles: [.appRoles[] | {id, value, displayName: .value, description, allowedMemberTypes, isEnabled: true}],
  optionalClaims: {accessToken: [{name: "idtyp", essential: false, additionalProperties: ["include_user_token"]}]},
  web: {
    redirectUris: [$ARGS.positional[] | "https://\(.)/.auth/login/aad/callback"],
    implicitGrantSettings: {enableIdTokenIssuance: true, enableAccessTokenIssuance: false}
  }
}' "$@" <permissions.json)
ask PATCH "applications(uniqueName='$name')" "$registration" >/dev/null
application=$(ask GET "applications(uniqueName='$name')")
client=$(jq -r .appId <<<"$application")

tenant=$(az account show --output json | jq -r .tenantId)
trust=$(jq -n --arg tenant "$tenant" --arg subject "$principal" '{
  issuer: "https://login.microsoftonline.com/\($tenant)/v2.0",
  subject: $subject,
  audiences: ["api://AzureADTokenExchange"],
  description: "App Service proves the app with its identity; there is no client secret."
}')
ask PATCH "applications/$(jq -r .id <<<"$application")/federatedIdentityCredentials(name='app-identity')" "$trust" >/dev/null
ask PATCH "servicePrincipals(appId='$client')" '{"appRoleAssignmentRequired": false}' >/dev/null

cat <<END

Done. Then, in this order:
  azd env set APPLICATION_CLIENT_ID $client
  azd provision
  infra/graph/exchange.ps1 -Mailbox MAIL_SENDER -AppId $(jq -r .clientId <<<"$identity") -ObjectId $principal
END
