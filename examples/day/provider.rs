//! The provider of text messages and the mail relay. The first is out of order for an hour; the second is not.

use std::collections::BTreeMap;
use std::ops::Range;

use chrono::{DateTime, Utc};
use outbound::model::{Cause, Channel, Dispatch, MessageId, SendResult};

use crate::chance::Chance;

pub(crate) struct Provider {
    outage: Range<DateTime<Utc>>,
    /// What it took, and how often it was asked to under one key.
    pub(crate) taken: BTreeMap<MessageId, u32>,
    /// How often it was asked in vain.
    pub(crate) in_vain: u64,
}

impl Provider {
    pub(crate) const fn with_outage(outage: Range<DateTime<Utc>>) -> Self {
        Self { outage, taken: BTreeMap::new(), in_vain: 0 }
    }

    /// Takes a message, once under one key however often it is asked.
    pub(crate) fn send(&mut self, dispatch: &Dispatch, now: DateTime<Utc>, chance: &mut Chance) -> SendResult {
        let key = dispatch.idempotency_key;
        let is_out = dispatch.channel == Channel::Sms && self.outage.contains(&now);
        if is_out || chance.happens(0.003) {
            self.in_vain += 1;
            return SendResult::transient(Cause::Busy, "503 service unavailable");
        }
        if chance.happens(0.004) && !self.taken.contains_key(&key) {
            return SendResult::permanent(Cause::NoSuchAddress, "nobody is there");
        }
        match format!("p-{key}").parse() {
            Ok(name) => {
                *self.taken.entry(key).or_default() += 1;
                SendResult::accepted(name)
            }
            Err(error) => SendResult::permanent(Cause::Unknown, &error.to_string()),
        }
    }
}
