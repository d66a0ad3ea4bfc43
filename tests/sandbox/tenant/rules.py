# ruff: noqa: E501  # a table: one rule a line reads better than three
"""What the stand-in imitates of Microsoft Graph, Entra and Intune, rule by rule, and the test that holds each.

Marks: D documented by Microsoft or in its SDK's metadata · S seen in third-party code, an issue or a log ·
G guessed: nobody has said, so the sandbox picks the stricter or the more usual way, and says so here.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule: how sure it is, what it says, and the name of the test that fails when it is broken."""

    mark: str
    text: str
    test: str


RULES = (
    # Permissions and tokens
    Rule("D", "each call needs one of its permissions in the token's roles, else 403", "test_every_call_needs_a_permission"),
    Rule("D", "a person's call needs a scope in the token and a directory role that allows it", "test_a_person_may_what_scopes_and_roles_both_allow"),
    Rule("D", "a token carries the permissions granted when it was made", "test_a_permission_granted_later_comes_with_the_next_token"),
    Rule("D", "no or unusable token: 401 InvalidAuthenticationToken", "test_graph_wants_a_token"),
    Rule("D", "wrong audience or expired: 401", "test_a_token_for_another_audience_or_an_expired_one_is_refused"),
    Rule("S", "403 of the authentication methods: accessDenied, Request Authorization failed", "test_a_missing_permission_is_403_in_the_words_of_the_service"),
    Rule("D", "App Service's identity endpoint: header 401, version, client, resource 400", "test_the_endpoint_refuses_what_app_service_refuses"),
    Rule("D", "azure-identity's ManagedIdentityCredential speaks to it", "test_the_production_credential_class_gets_a_token"),
    Rule("D", "no role limits which accounts an app may make a pass for", "test_passes_of_all_accounts_can_be_made_admins_too"),
    # Temporary Access Pass
    Rule("D", "201 with id, code, created, start, lifetime, one-time, usability", "test_a_created_pass_is_answered_as_graph_does"),
    Rule("D", "the code is in the 201 only; reads give null", "test_a_pass_is_read_without_its_code"),
    Rule("D", "one pass per user: POST replaces, new id and code, no conflict", "test_a_second_pass_replaces_the_first"),
    Rule("D", "POST replaces an expired pass too", "test_an_expired_pass_is_replaced_too"),
    Rule("D", "NotYetValid, EnabledByPolicy, Expired follow the clock", "test_usability_follows_the_clock"),
    Rule("D", "start left out: now", "test_a_pass_without_a_start_begins_now"),
    Rule("D", "lifetime and one-time left out: the policy's", "test_a_lifetime_left_out_is_the_policys_default"),
    Rule("D", "minimum and maximum of the policy are allowed", "test_both_ends_of_the_policys_range_are_allowed"),
    Rule("S", "lifetime out of range: 400 badRequest with the tenant's numbers, nested under innerError", "test_a_lifetime_outside_the_policy_is_refused"),
    Rule("S", "start in the past: 400", "test_a_start_in_the_past_is_refused"),
    Rule("S", "an offset in the start is misread: the digits count as UTC", "test_an_offset_in_the_start_is_ignored"),
    Rule("S", "policy forces one-time, false asked: 400, not coerced", "test_multi_use_is_refused_where_the_policy_forces_one_time"),
    Rule("S", "external guest: 400", "test_an_external_guest_gets_no_pass"),
    Rule("S", "policy off or user outside its targets: UserCredentialPolicy does not allow", "test_a_user_outside_the_policy_gets_no_pass"),
    Rule("D", "code length is the policy's defaultLength", "test_the_code_has_the_policys_length"),
    Rule("D", "a value of the wrong type: 400", "test_a_field_of_the_wrong_type_is_refused"),
    Rule("D", "an unknown property: 400", "test_an_unknown_field_is_refused"),
    Rule("D", "DELETE 204, then 404", "test_a_deleted_pass_is_gone_and_deleting_it_again_is_404"),
    Rule("D", "no PATCH of a pass", "test_there_is_no_patch_of_a_pass"),
    Rule("D", "unknown user: 404", "test_an_unknown_user_gets_404"),
    Rule("D", "a multi-use pass is blocked by a policy of one-time, and outside the targets", "test_a_multi_use_pass_is_blocked_when_the_policy_turns_to_one_time"),
    Rule("D", "a new account may not be found for a minute or two", "test_a_new_account_gets_no_pass_until_it_is_replicated"),
    Rule("D", "a new pass may not be found for a minute or two", "test_a_new_pass_may_be_invisible_for_a_while"),
    Rule("D", "five requests per ten seconds and app, then 429 with Retry-After", "test_the_sixth_request_in_ten_seconds_is_throttled"),
    Rule("D", "the window slides", "test_the_window_of_the_throttle_slides_on_the_sandboxs_clock"),
    Rule("G", "users/{id}/authentication/* counts, other calls do not", "test_only_authentication_methods_are_throttled"),
    Rule("G", "refused requests do not count", "test_no_window_holds_more_than_the_limit_under_a_rush"),
    # Policy
    Rule("D", "GET and PATCH of the configuration; PATCH needs @odata.type, 204", "test_the_policy_is_read_and_changed_as_documented"),
    Rule("D", "10 to 43,200 minutes, 8 to 48 characters", "test_a_policy_out_of_range_is_refused"),
    # Directory
    Rule("D", "users by id or UPN", "test_a_user_is_read_by_id_and_by_upn_in_any_case"),
    Rule("D", "several properties come only with $select", "test_most_properties_come_only_with_select"),
    Rule("D", "unknown property in $select: 400", "test_a_selected_property_the_type_does_not_have_is_refused"),
    Rule("D", "$expand=manager($select=…)", "test_the_manager_comes_expanded_with_its_own_select"),
    Rule("D", "no manager: absent under $expand", "test_nobody_above_is_absent_under_expand"),
    Rule("D", "no manager: 404 on /manager", "test_nobody_above_is_404"),
    Rule("D", "employeeId is not unique: none, one or many", "test_an_employee_number_finds_none_one_or_many"),
    Rule("D", "quotes in filters are doubled", "test_a_quote_in_a_filter_is_doubled"),
    Rule("D", "extension attributes only by advanced query", "test_extension_attributes_need_an_advanced_query"),
    Rule("D", "unknown user: 404 Request_ResourceNotFound", "test_an_unknown_user_is_404"),
    Rule("D", "a new account is found after replication", "test_a_new_account_is_found_after_replication_only"),
    Rule("D", "transitive groups, paged by @odata.nextLink", "test_transitive_groups_are_listed_page_by_page"),
    Rule("D", "role-assignable groups and roles by group show in transitiveMemberOf", "test_a_role_by_group_and_a_role_assignable_group_show"),
    Rule("D", "a role scoped to an administrative unit is no directoryRole in transitiveMemberOf", "test_a_role_scoped_to_a_unit_is_no_directory_role"),
    Rule("D", "an OData cast is an advanced query", "test_the_cast_to_groups_is_an_advanced_query"),
    Rule("D", "role assignments and eligibility by principal, direct ones, scoped ones too", "test_roles_are_listed_by_principal_never_through_a_group"),
    Rule("S", "no P2: 400 AadPremiumLicenseRequired", "test_eligibility_without_p2_is_the_licence_error"),
    Rule("D", "groups/{id} finds groups only", "test_a_group_is_read_and_a_users_id_is_none"),
    Rule("D", "members with their kind", "test_members_are_listed_with_their_kind"),
    Rule("D", "members/$ref takes the object id, 204", "test_a_device_joins_and_leaves_a_group_by_its_object_id"),
    Rule("D", "a device as member needs Device.ReadWrite.All besides", "test_a_device_as_member_needs_both_permissions"),
    Rule("D", "already a member: 400 Request_BadRequest", "test_a_member_added_twice_is_refused"),
    Rule("D", "dynamic groups take no members", "test_a_dynamic_group_takes_no_members"),
    Rule("D", "devices by object id, by deviceId, by $filter", "test_a_device_is_found_by_either_id_in_its_own_place"),
    Rule("D", "registeredDevices: those whom the user joined or registered", "test_a_device_is_registered_for_whoever_joined_it"),
    Rule("D", "transitiveMemberOf of a device", "test_the_groups_of_a_device_are_listed_at_any_depth"),
    Rule("D", "federationConfiguration: one element, or 404", "test_federation_is_one_element_or_404"),
    Rule("D", "a # in a UPN travels as %23", "test_a_guests_upn_must_be_percent_encoded"),
    Rule("D", "userRegistrationDetails", "test_registrations_show_what_people_have"),
    Rule("D", "disabled accounts are not in userRegistrationDetails", "test_the_report_leaves_out_disabled_accounts"),
    Rule("D", "unknown path: 400, Resource not found for the segment", "test_an_unknown_path_names_the_first_segment_graph_does_not_know"),
    Rule("G", "unknown version, method or query option: 400, 405, 400", "test_an_unknown_version_or_method_or_option_is_refused"),
    Rule("D", "a query or body that does not fit the metadata: 400 BadRequest", "test_a_malformed_query_or_body_is_refused"),
    Rule("D", "a body that is not JSON: 400", "test_a_body_that_is_no_json_is_refused"),
    # Intune
    Rule("D", "the settings catalog is beta only", "test_the_settings_catalog_is_unknown_to_v1"),
    Rule("D", "found by name, expanded with assignments and settings", "test_a_profile_is_found_by_its_exact_name"),
    Rule("D", "assignments and settings only when expanded, or by their own paths", "test_a_read_shows_assignments_only_when_expanded"),
    Rule("D", "filters, exclusions and policy sets in assignments", "test_the_seeded_assignments_hold_filters_exclusions_and_policy_sets"),
    Rule("S", "/assign replaces the whole set", "test_assign_replaces_the_whole_set"),
    Rule("D", "/assign answers the set, all target types", "test_assign_answers_the_whole_new_set"),
    Rule("D", "what was read can be written back", "test_what_was_read_can_be_written_back_unchanged"),
    Rule("S", "the second of one type and group is ignored", "test_the_second_of_two_for_one_group_is_ignored"),
    Rule("D", "@odata.type starts with #; unknown fields and half filters: 400", "test_a_malformed_assignment_changes_nothing"),
    Rule("D", "there is no ETag", "test_there_is_no_etag"),
    Rule("D", "POST makes a profile with settings", "test_a_profile_is_made_with_its_settings"),
    Rule("G", "a malformed profile: 400", "test_a_malformed_profile_is_refused"),
    Rule("D", "Read.All reads, ReadWrite.All writes", "test_intune_is_read_with_one_permission_and_written_with_another"),
    Rule("G", "unknown profile: 404", "test_an_unknown_profile_is_404"),
    # Mail
    Rule("D", "sendMail 202, empty; headers x-…", "test_a_json_mail_is_accepted_and_lies_in_the_inbox"),
    Rule("D", "sendMail takes base64 MIME", "test_a_mime_mail_brings_text_and_html"),
    Rule("D", "malformed mail: 400 with Exchange's codes", "test_a_malformed_mail_is_refused"),
    Rule("D", "malformed MIME: 400; another sender: ErrorSendAsDenied", "test_a_malformed_mime_mail_is_refused"),
    Rule("D", "a mailbox outside the RBAC scope: 403 ErrorAccessDenied", "test_a_mailbox_outside_the_apps_scope_is_403"),
    Rule("D", "unknown user, no mailbox: 404", "test_an_unknown_or_missing_mailbox_is_404"),
    Rule("D", "Mail.Send is needed", "test_mail_needs_its_permission"),
    # Lock screen and sign-in log
    Rule("D", "a multi-use pass works after a reboot", "test_everything_right_signs_in_again_and_again"),
    Rule("D", "a one-time pass works once: OneTimeUsed", "test_a_one_time_pass_works_once"),
    Rule("D", "sessions end with the pass", "test_a_session_ends_with_its_pass"),
    Rule("D", "Entra joined, enabled, build 22621.2361 or later, Internet", "test_the_device_decides_first"),
    Rule("G", "a device of another tenant is unknown", "test_an_unknown_device_is_said_to_be_unknown"),
    Rule("D", "the profile must reach the device; an excluded group is out whatever was added", "test_the_profile_must_reach_the_device"),
    Rule("D", "assignment filters include or exclude by the device", "test_a_filter_is_evaluated_on_the_device"),
    Rule("D", "nested groups reach their devices", "test_a_nested_group_reaches_its_devices"),
    Rule("D", "only _1 enables Web sign-in", "test_the_setting_must_be_on"),
    Rule("D", "enforceMfaByFederatedIdp asks for no pass, acceptIfMfaDoneByFederatedIdp does", "test_the_user_must_be_known_enabled_and_not_federated_elsewhere"),
    Rule("D", "right code, within its time, allowed by the policy", "test_the_pass_must_be_right_valid_and_allowed"),
    Rule("D", "a pass is one user's", "test_anothers_pass_is_a_wrong_pass"),
    Rule("D", "the sign-in log shows it minutes later, with the method", "test_a_sign_in_shows_in_the_log_two_minutes_later"),
    Rule("D", "authenticationDetails in beta only", "test_only_beta_shows_the_method"),
    Rule("D", "log and report need P1", "test_the_log_needs_p1"),
    Rule("G", "who is signed in sets up a method; the report shows it minutes later, with its own time", "test_a_method_set_up_shows_in_the_report_minutes_later"),
    Rule("S", "a pass counts among the methods as temporaryAccessPass", "test_the_report_shows_the_pass_itself"),
)  # fmt: skip

# The test that shows each call's good answer
CALLS = {
    "GET users": "test_an_employee_number_finds_none_one_or_many",
    "GET users/{user}": "test_users_and_managers_parse_whole",
    "GET users/{user}/manager": "test_users_and_managers_parse_whole",
    "GET users/{user}/transitiveMemberOf": "test_transitive_groups_and_roles_parse_as_what_they_are",
    "GET users/{user}/transitiveMemberOf/microsoft.graph.group": "test_the_cast_to_groups_is_an_advanced_query",
    "GET users/{user}/transitiveMemberOf/graph.group": "test_transitive_groups_and_roles_parse_as_what_they_are",
    "GET users/{user}/registeredDevices": "test_devices_parse_whole",
    "GET users/{user}/authentication/temporaryAccessPassMethods": "test_a_pass_goes_its_way_through_the_sdk",
    "POST users/{user}/authentication/temporaryAccessPassMethods": "test_a_pass_goes_its_way_through_the_sdk",
    "GET users/{user}/authentication/temporaryAccessPassMethods/{id}": "test_a_pass_goes_its_way_through_the_sdk",
    "DELETE users/{user}/authentication/temporaryAccessPassMethods/{id}": "test_a_pass_goes_its_way_through_the_sdk",
    "POST users/{user}/sendMail": "test_the_sdks_mail_is_taken",
    "GET policies/authenticationMethodsPolicy/authenticationMethodConfigurations/temporaryAccessPass":
        "test_the_policy_parses_and_the_sdks_patch_is_taken",
    "PATCH policies/authenticationMethodsPolicy/authenticationMethodConfigurations/temporaryAccessPass":
        "test_the_policy_parses_and_the_sdks_patch_is_taken",
    "GET groups/{group}": "test_groups_members_and_references_go_through_the_sdk",
    "GET groups/{group}/members": "test_groups_members_and_references_go_through_the_sdk",
    "POST groups/{group}/members/$ref": "test_groups_members_and_references_go_through_the_sdk",
    "DELETE groups/{group}/members/{id}/$ref": "test_groups_members_and_references_go_through_the_sdk",
    "GET devices": "test_devices_parse_whole",
    "GET devices/{id}": "test_devices_parse_whole",
    "GET devices/{id}/transitiveMemberOf": "test_devices_parse_whole",
    "GET devices(deviceId={deviceId})": "test_devices_parse_whole",
    "GET roleManagement/directory/roleAssignments": "test_role_assignments_and_eligibility_parse_whole",
    "GET roleManagement/directory/roleEligibilitySchedules": "test_role_assignments_and_eligibility_parse_whole",
    "GET domains/{domain}/federationConfiguration": "test_federation_parses_whole",
    "GET domains": "test_what_an_administrator_reads_parses_whole",
    "GET identity/conditionalAccess/policies": "test_what_an_administrator_reads_parses_whole",
    "GET servicePrincipals(appId={appId})": "test_what_an_administrator_reads_parses_whole",
    "GET servicePrincipals/{id}/appRoleAssignments": "test_what_an_administrator_reads_parses_whole",
    "GET deviceManagement/configurationPolicies": "test_a_profile_is_found_by_its_exact_name",
    "POST deviceManagement/configurationPolicies": "test_a_profile_is_made_with_its_settings",
    "GET deviceManagement/configurationPolicies/{id}": "test_a_read_shows_assignments_only_when_expanded",
    "GET deviceManagement/configurationPolicies/{id}/settings": "test_a_read_shows_assignments_only_when_expanded",
    "GET deviceManagement/configurationPolicies/{id}/assignments": "test_a_read_shows_assignments_only_when_expanded",
    "POST deviceManagement/configurationPolicies/{id}/assign": "test_assign_answers_the_whole_new_set",
    "GET auditLogs/signIns": "test_the_sign_in_log_parses_whole",
    "GET reports/authenticationMethods/userRegistrationDetails": "test_registration_details_parse_whole",
    "GET reports/authenticationMethods/userRegistrationDetails/{user}": "test_registrations_show_what_people_have",
}  # fmt: skip

# Known of Graph and left out, so that nobody takes silence for a yes
NOT_IMITATED = (
    "Multi Admin Approval of Intune writes (ApprovalRequired, x-msft-approval-code)",
    "v1.0 windows10CustomConfiguration, Autopilot identities, managed devices, licences, Conditional Access",
    "eligibility through PIM for Groups; change notifications and users/delta; $batch; $search; $orderby",
    "an app without Device.Read.All gets the devices it lists with their ids only, not a 403",
    "limits other than the authentication methods': per mailbox, Intune writes, directory reads",
    "the delay until a changed policy, membership or profile reaches accounts and devices",
    "lastUsedDateTime of a pass in beta; the ten minutes a one-time pass has for registering another method",
    "a permission revoked in Entra works on until the token is renewed; here it counts at once",
)
