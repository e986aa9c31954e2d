//! The facts and the rules as the policy engines are told them. Everything that has to be looked up has been looked up for them.

use serde_json::{Value, json};

use super::Case;

/// Each rule must hold. CEL and Cedar agree about these expressions; only that CEL needs no `context.` before a name.
pub(super) const RULES: &[(&str, &str)] = &[
    ("agent.unknown", "context.agent.known"),
    ("licence.not_premium", r#"context.agent.licence == "premium""#),
    ("licence.no_digital_access", "context.agent.digital"),
    ("organization.not_digital", "context.organization.digital"),
    ("channel.not_outbound", r#"context.channel == "sms" || context.channel == "email""#),
    ("agent.signed_out", "context.agent.signed_in"),
    ("agent.idle", r#"context.agent.state != "idle""#),
    ("profile.absent", "!context.agent.signed_in || context.profile.there"),
    ("profile.channel_not_allowed", "!context.profile.there || context.profile.slots > 0"),
    ("capacity.full", "!context.profile.there || context.agent.used < context.profile.slots"),
    ("capacity.outbound_full", "!context.profile.there || context.agent.used_outbound < context.profile.outbound"),
    ("entry_point.none_configured", "context.organization.entry_points > 0"),
    ("entry_point.unknown", "context.entry_point.known"),
    ("entry_point.other_channel", "context.entry_point.channel == context.channel"),
    ("entry_point.disabled", "context.entry_point.enabled"),
    ("address.other_channel", "context.to.channel == context.channel"),
    ("customer.mismatch", "context.to.customer == context.customer"),
    ("consent.opted_out", "!context.to.opted_out"),
    ("consent.suppressed", "context.to.suppressed_until <= context.now"),
    ("conversation.exists", "!context.to.open"),
];

/// What is known when the rules are asked.
pub(super) fn facts(case: Case) -> Value {
    let allowed = case == Case::Allowed;
    json!({
        "agent": {
            "known": true, "licence": if allowed { "premium" } else { "standard" }, "digital": allowed,
            "signed_in": allowed, "state": "available", "used": 2, "used_outbound": 2
        },
        "organization": { "digital": true, "entry_points": 2 },
        "profile": { "there": allowed, "slots": 5, "outbound": 5 },
        "entry_point": { "known": true, "channel": "sms", "enabled": allowed },
        "to": {
            "channel": "sms", "customer": "customer-1", "opted_out": !allowed, "suppressed_until": 0, "open": false
        },
        "channel": "sms",
        "customer": "customer-1",
        "now": 10
    })
}
