//! Whether a customer may be written to (B5).

use chrono::{DateTime, Utc};

use super::Checks;
use crate::directory::{ConsentScope, Directory};
use crate::model::{
    Basis, CapsBasis, Consent, ConsentBasis, Contact, Conversation, Customer, EntryPointId, HoursBasis, Key, Message,
    Wish,
};
use crate::refusal::{Code, Fact, Refusal, Retry};

/// What is on record about writing to an address from an entry point. An address that was never seen has no contact; the
/// customer is looked at only where the set-up lets a wish reach that far.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Standing<'a> {
    pub(crate) entry_point: &'a EntryPointId,
    pub(crate) contact: Option<&'a Contact>,
    pub(crate) customer: Option<&'a Customer>,
}

/// A wish, and whose record it is on.
#[derive(Debug, Clone, Copy)]
struct OnRecord<'a> {
    consent: &'a Consent,
    scope: &'static str,
}

impl<'a> Standing<'a> {
    /// B5: the newest wish that concerns the entry point; of two at one time, the one to get no messages.
    fn newest(self) -> Option<OnRecord<'a>> {
        let of_contact = self.contact.and_then(|contact| {
            let consent = contact.consent(self.entry_point)?;
            let scope = if consent.entry_point.is_some() { "entry_point" } else { "channel" };
            Some(OnRecord { consent, scope })
        });
        let of_customer =
            self.customer.and_then(|customer| Some(OnRecord { consent: customer.consent()?, scope: "organization" }));
        of_contact.into_iter().chain(of_customer).max_by_key(|found| (found.consent.at, found.consent.wish))
    }

    /// B3: the record that another wish changes, at whichever address it is told.
    fn told_at(self, scope: ConsentScope) -> Option<Key> {
        match scope {
            ConsentScope::EntryPoint | ConsentScope::Channel => self.contact.map(Contact::key),
            ConsentScope::Organization => {
                let of_contact = self.contact.map(|contact| Key::customer(contact.customer()));
                of_contact.or_else(|| self.customer.map(Customer::key))
            }
        }
    }

    /// Whether the newest wish is to get no messages.
    pub(crate) fn is_opted_out(self) -> bool {
        self.newest().is_some_and(|found| found.consent.wish == Wish::OptedOut)
    }

    /// Whether the newest wish is to get messages.
    pub(crate) fn is_opted_in(self) -> bool {
        self.newest().is_some_and(|found| found.consent.wish == Wish::OptedIn)
    }
}

/// B5: the customer has not opted out, and the address is not suppressed.
pub(crate) fn may_be_written_to(checks: &mut Checks, scope: ConsentScope, standing: Standing<'_>, now: DateTime<Utc>) {
    let out = standing.newest().filter(|found| found.consent.wish == Wish::OptedOut);
    checks.check(out.is_none(), || match out {
        None => Refusal::new(Code::ConsentOptedOut, Vec::new()),
        Some(OnRecord { consent, scope: reaches }) => {
            let mut facts =
                vec![Fact::new("since", consent.at), Fact::new("by", consent.by.as_str()), Fact::new("scope", reaches)];
            facts.extend(consent.entry_point.as_ref().map(|about| Fact::new("entry_point", about)));
            let refusal = Refusal::new(Code::ConsentOptedOut, facts);
            match standing.told_at(scope) {
                Some(key) => refusal.with_retry(Retry::WhenChanged(key)),
                None => refusal,
            }
        }
    });
    let suppression = standing.contact.and_then(|contact| contact.suppression(now));
    checks.check(suppression.is_none(), || match suppression {
        None => Refusal::new(Code::ConsentSuppressed, Vec::new()),
        Some(suppression) => {
            let facts = vec![
                Fact::new("since", suppression.since),
                Fact::new("by", suppression.by.as_str()),
                Fact::new("until", suppression.until),
            ];
            Refusal::new(Code::ConsentSuppressed, facts).with_retry(Retry::At(suppression.until))
        }
    });
}

/// B12: why the customer may be written to, where nothing speaks against it.
pub(crate) fn consent_basis(standing: Standing<'_>, conversation: &Conversation) -> ConsentBasis {
    match (standing.newest(), conversation.newest_inbound()) {
        (Some(OnRecord { consent, .. }), _) if consent.wish == Wish::OptedIn => {
            ConsentBasis::OptedIn { at: consent.at, by: consent.by.clone() }
        }
        (_, Some(inbound)) => ConsentBasis::Answer { to: inbound.message, at: inbound.at },
        (_, None) => ConsentBasis::NoObjection,
    }
}

/// B5: whether a message confirms an opt-out, and so is sent in spite of it, at any hour, beyond every cap.
pub(crate) fn is_confirmation(message: &Message) -> bool {
    message.basis().is_some_and(|basis| basis.consent == ConsentBasis::Confirmation)
}

/// B12: the grounds of a confirmation.
pub(crate) fn confirmation_basis(directory: &Directory) -> Basis {
    Basis {
        consent: ConsentBasis::Confirmation,
        hours: HoursBasis::Exempt,
        caps: CapsBasis::Exempt,
        override_reason: None,
        directory: directory.version(),
    }
}
