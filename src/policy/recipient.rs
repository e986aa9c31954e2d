//! To whom a conversation goes: an address, its customer, and no other conversation (R11, R14, R15, R26).

use chrono::{DateTime, Utc};

use super::Checks;
use crate::model::{
    Address, AddressError, AgentId, Channel, Contact, Conversation, CustomerId, NumberPlan, Recipient, TaskState,
};
use crate::refusal::{Code, Fact, Refusal, Retry};

/// R14, R15: the recipient is an address that the channel can reach.
pub(crate) fn address(
    checks: &mut Checks,
    to: &Recipient,
    channel: Channel,
    numbers: &dyn NumberPlan,
) -> Option<Address> {
    reachable(checks, to.resolve(channel, numbers), channel)
}

/// R26: the address that a message came from, as it was found. It wrote, so it exists: only its form counts, with or without the `+`.
pub(crate) fn sender(checks: &mut Checks, from: Result<Address, AddressError>, channel: Channel) -> Option<Address> {
    reachable(checks, from, channel)
}

fn reachable(checks: &mut Checks, found: Result<Address, AddressError>, channel: Channel) -> Option<Address> {
    let refusal = found.as_ref().err().map(|error| address_refusal(error, channel));
    for code in codes_for(channel) {
        let this = refusal.as_ref().filter(|refusal| refusal.code() == code);
        checks.check(this.is_none(), || this.cloned().unwrap_or_else(|| Refusal::new(code.clone(), Vec::new())));
    }
    found.ok()
}

/// The codes that an address for the channel can be refused with.
const fn codes_for(channel: Channel) -> &'static [Code] {
    match channel {
        Channel::Sms => &[
            Code::AddressNoCountryCode,
            Code::AddressNotANumber,
            Code::AddressNumberNotValid,
            Code::AddressCannotReceiveSms,
            Code::AddressOtherChannel,
        ],
        _ => &[Code::AddressNotAnEmail, Code::AddressOtherChannel],
    }
}

fn address_refusal(error: &AddressError, channel: Channel) -> Refusal {
    match error {
        AddressError::NoCountryCode => Refusal::new(Code::AddressNoCountryCode, Vec::new()),
        AddressError::NumberNotValid => Refusal::new(Code::AddressNumberNotValid, Vec::new()),
        AddressError::CannotReceiveSms { line } => {
            Refusal::new(Code::AddressCannotReceiveSms, vec![Fact::new("line", line.as_str())])
        }
        AddressError::NotAnEmail { problem } => {
            Refusal::new(Code::AddressNotAnEmail, vec![Fact::new("problem", problem.to_string())])
        }
        AddressError::OtherChannel { .. } => {
            Refusal::new(Code::AddressOtherChannel, vec![Fact::new("channel", channel)])
        }
        AddressError::NotANumber { problem } => {
            Refusal::new(Code::AddressNotANumber, vec![Fact::new("problem", problem.to_string())])
        }
        AddressError::TooLong => Refusal::new(Code::AddressNotANumber, vec![Fact::new("problem", error.to_string())]),
    }
}

/// R26: an address belongs to one customer.
pub(crate) fn same_customer(checks: &mut Checks, contact: Option<&Contact>, given: Option<&CustomerId>) {
    if let (Some(contact), Some(given)) = (contact, given) {
        checks.require(contact.customer() == given, Code::CustomerMismatch, || {
            vec![Fact::new("customer", contact.customer()), Fact::new("given", given)]
        });
    }
}

/// R11: no conversation that is not closed, be it queued, offered, active, frozen or parked.
pub(crate) fn no_open_conversation(checks: &mut Checks, open: Option<&Conversation>) {
    checks.check(open.is_none(), || about_holder(Code::ConversationExists, open));
}

/// B4: only what a queue or a parking place holds can be taken over.
pub(crate) fn can_be_taken_over(checks: &mut Checks, open: &Conversation) {
    let loose = matches!(open.state(), TaskState::Queued { .. } | TaskState::Parked { .. });
    checks.check(loose, || about_holder(Code::ConversationHeld, Some(open)));
}

/// B4: only an agent who works on it can hand it over, and not to themselves.
pub(crate) fn can_be_asked_for(checks: &mut Checks, open: &Conversation, by: &AgentId) {
    let held_by_another = matches!(open.state(), TaskState::Active { agent, .. } if agent != by);
    checks.check(held_by_another, || about_holder(Code::ConversationHeld, Some(open)));
}

/// B4: one request to hand over at a time; one that has lapsed is none.
pub(crate) fn not_asked_already(checks: &mut Checks, open: &Conversation, now: DateTime<Utc>) {
    if let TaskState::Active { asked, .. } = open.state() {
        let asked = asked.as_ref().filter(|asked| asked.expires > now);
        checks.check(asked.is_none(), || {
            let by = asked.map(|asked| Fact::new("by", &asked.by));
            let refusal = Refusal::new(Code::HandoverPending, by.into_iter().collect());
            match asked {
                Some(asked) => refusal.with_retry(Retry::At(asked.expires)),
                None => refusal,
            }
        });
    }
}

fn about_holder(code: Code, conversation: Option<&Conversation>) -> Refusal {
    let Some(conversation) = conversation else { return Refusal::new(code, Vec::new()) };
    let mut facts = vec![
        Fact::new("conversation", conversation.id()),
        Fact::new("status", conversation.state().as_str()),
        Fact::new("entry_point", conversation.entry_point()),
        Fact::new("since", conversation.opened_at()),
    ];
    facts.extend(conversation.state().holder().map(|holder| Fact::new("holder", holder)));
    Refusal::new(code, facts).with_retry(Retry::WhenChanged(conversation.key()))
}
