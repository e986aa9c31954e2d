//! Writing down what a customer wishes about being written to, as somebody else was told it (B5).

use std::sync::Arc;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::moves::after;
use super::wishes::{Told, lift, suppress, tell};
use crate::engine::{Command, Context, Draft, Stop, View, sealed};
use crate::model::{
    Address, By, Channel, Contact, ContactEvent, CustomerId, EntryPointId, Key, Reason, Recipient, ToldBy, Wish,
};
use crate::policy::rules;
use crate::record::{Actor, Done};

/// What is to be written down about an address.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ConsentChange {
    /// The customer wants no messages.
    OptOut,
    /// The customer wants messages.
    OptIn,
    /// Nobody is reached there: it is not written to.
    Suppress {
        /// Until when; for the set-up's days where it is not told.
        until: Option<DateTime<Utc>>,
    },
    /// Somebody is reached there after all.
    Lift,
}

/// An agent or the host writes down what a customer wishes about being written to, or that an address is not written to for a
/// while (B5): a CRM, a page for unsubscribing, a report of returned mail. Telling what is on record already changes nothing.
///
/// How far a wish reaches is the set-up's [`ConsentScope`](crate::directory::ConsentScope).
///
/// Refused with `agent.unknown`, `entry_point.unknown`, `entry_point.other_channel`, `address.no_country_code`,
/// `address.not_a_number`, `address.number_not_valid`, `address.not_an_email`, `address.other_channel`,
/// `customer.mismatch`.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SetConsent {
    /// Who writes it down.
    pub by: By,
    /// The channel of the address.
    pub channel: Channel,
    /// The address.
    pub address: Recipient,
    /// What is to be written down.
    pub change: ConsentChange,
    /// The entry point that a wish is about; none for all of the channel.
    #[serde(default)]
    pub entry_point: Option<EntryPointId>,
    /// The customer, where the host knows who it is and the address was never seen.
    #[serde(default)]
    pub customer: Option<CustomerId>,
    /// Why.
    #[serde(default)]
    pub reason: Option<Reason>,
}

impl SetConsent {
    /// What the host was told about an address, for all entry points of the channel.
    #[must_use]
    pub fn by_host(channel: Channel, address: impl Into<Recipient>, change: ConsentChange) -> Self {
        let (by, address) = (By::Host, address.into());
        Self { by, channel, address, change, entry_point: None, customer: None, reason: None }
    }

    /// The same, told to one entry point.
    #[must_use]
    pub fn about(mut self, entry_point: EntryPointId) -> Self {
        self.entry_point = Some(entry_point);
        self
    }

    fn told_by(&self) -> ToldBy {
        match &self.by {
            By::Agent(agent) => ToldBy::Agent(agent.clone()),
            By::Host => ToldBy::Host,
        }
    }
}

impl sealed::Sealed for SetConsent {}

impl Command for SetConsent {
    type Output = Done;
    const NAME: &'static str = "set_consent";

    fn actor(&self) -> Actor {
        Actor::of(&self.by)
    }

    fn reads(&self, cx: &Context<'_>) -> Vec<Key> {
        let address = self.address.resolve_sender(self.channel, cx.numbers());
        address.iter().map(Key::contact).collect()
    }

    fn decide(&self, cx: &Context<'_>, view: &View, draft: &mut Draft) -> Result<Done, Stop> {
        let directory = cx.directory();
        let checks = &mut draft.checks;
        rules::known_if_agent(checks, directory, &self.by);
        if let Some(entry_point) = &self.entry_point {
            let entry_point = rules::needed_entry_point(checks, directory, entry_point)?;
            rules::entry_point_of_channel(checks, entry_point, self.channel);
        }
        let of = the_contact(cx, view, draft, self.channel, &self.address, self.customer.as_ref())?;
        of.make(draft);
        let (address, by, reason) = (&of.address, &self.told_by(), self.reason.as_ref());
        let told = |wish| Told { wish, about: self.entry_point.as_ref(), by, reason };
        match self.change {
            ConsentChange::OptOut => {
                tell(cx, view, draft, address, &of.customer, told(Wish::OptedOut))?;
            }
            ConsentChange::OptIn => {
                tell(cx, view, draft, address, &of.customer, told(Wish::OptedIn))?;
            }
            ConsentChange::Suppress { until } => {
                let usual = after(cx.now, directory.organization().consent().suppress());
                suppress(view, draft, address, until.unwrap_or(usual), by, reason)?;
            }
            ConsentChange::Lift => lift(view, draft, address, by, reason)?,
        }
        Ok(Done)
    }
}

/// An address of which something is told, and its contact where it was seen before.
pub(super) struct TheContact<'v> {
    pub(super) address: Address,
    pub(super) contact: Option<&'v Arc<Contact>>,
    customer: CustomerId,
}

/// R26: the address is one, and its customer's; every reason so far is collected.
pub(super) fn the_contact<'v>(
    cx: &Context<'_>,
    view: &'v View,
    draft: &mut Draft,
    channel: Channel,
    address: &Recipient,
    customer: Option<&CustomerId>,
) -> Result<TheContact<'v>, Stop> {
    let address = address.resolve_sender(channel, cx.numbers());
    let Some(address) = rules::sender(&mut draft.checks, address, channel) else {
        draft.checks.all_hold()?;
        return Err(Stop::NotLoaded);
    };
    let contact = view.contact(&address)?;
    rules::same_customer(&mut draft.checks, contact.map(|contact| &**contact), customer);
    draft.checks.all_hold()?;
    let known = contact.map(|contact| contact.customer()).or(customer);
    let customer = known.cloned().unwrap_or_else(|| CustomerId::met_by(cx.command));
    Ok(TheContact { address, contact, customer })
}

impl TheContact<'_> {
    /// Makes the contact where the address was never seen.
    pub(super) fn make(&self, draft: &mut Draft) {
        if self.contact.is_none() {
            let (address, customer) = (self.address.clone(), self.customer.clone());
            draft.begin::<Contact>(Key::contact(&address), ContactEvent::ContactMade { address, customer });
        }
    }

    /// Changes the contact, which is there or was made.
    pub(super) fn change(&self, draft: &mut Draft, event: ContactEvent) {
        match self.contact {
            Some(contact) => draft.record(contact, event),
            None => draft.then::<Contact>(Key::contact(&self.address), event),
        }
    }
}
