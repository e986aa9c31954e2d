//! Telling where a recipient is (B6).

use serde::{Deserialize, Serialize};

use super::consent::the_contact;
use crate::engine::{Command, Context, Draft, Stop, View, sealed};
use crate::hours::ZoneId;
use crate::model::{By, Channel, ContactEvent, CustomerId, Key, Recipient};
use crate::policy::rules;
use crate::record::{Actor, Done};

/// An agent or the host tells in which time zone the owner of an address is, so that quiet hours go by it and not by the number
/// (B6); or that it is not known after all.
///
/// Refused with `agent.unknown`, `address.no_country_code`, `address.not_a_number`, `address.number_not_valid`,
/// `address.not_an_email`, `address.other_channel`, `customer.mismatch`, `zone.unknown`.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SetZone {
    /// Who tells it.
    pub by: By,
    /// The channel of the address.
    pub channel: Channel,
    /// The address.
    pub address: Recipient,
    /// The zone; none where it is not known.
    pub zone: Option<ZoneId>,
    /// The customer, where the host knows who it is and the address was never seen.
    #[serde(default)]
    pub customer: Option<CustomerId>,
}

impl SetZone {
    /// What the host was told about the owner of an address.
    #[must_use]
    pub fn by_host(channel: Channel, address: impl Into<Recipient>, zone: Option<ZoneId>) -> Self {
        Self { by: By::Host, channel, address: address.into(), zone, customer: None }
    }
}

impl sealed::Sealed for SetZone {}

impl Command for SetZone {
    type Output = Done;
    const NAME: &'static str = "set_zone";

    fn actor(&self) -> Actor {
        Actor::of(&self.by)
    }

    fn reads(&self, cx: &Context<'_>) -> Vec<Key> {
        let address = self.address.resolve_sender(self.channel, cx.numbers());
        address.iter().map(Key::contact).collect()
    }

    fn decide(&self, cx: &Context<'_>, view: &View, draft: &mut Draft) -> Result<Done, Stop> {
        rules::known_if_agent(&mut draft.checks, cx.directory(), &self.by);
        if let Some(zone) = &self.zone {
            rules::known_zone(&mut draft.checks, cx.terms.clocks(), zone);
        }
        let of = the_contact(cx, view, draft, self.channel, &self.address, self.customer.as_ref())?;
        of.make(draft);
        if of.contact.and_then(|contact| contact.zone()) != self.zone.as_ref() {
            of.change(draft, ContactEvent::ZoneSet { zone: self.zone.clone() });
        }
        Ok(Done)
    }
}
