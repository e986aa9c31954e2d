//! The records that have a history: each is the fold of its events.

use std::sync::Arc;

use chrono::{DateTime, Utc};

use super::{Event, Record};
use crate::model::{
    Contact, ContactEvent, Conversation, ConversationEvent, Customer, CustomerEvent, Key, Message, MessageEvent,
    Presence, PresenceEvent,
};

/// A record that is made and changed by its own events, and by nothing else.
pub(crate) trait Entity: Clone {
    type Event;

    fn key(&self) -> Key;
    fn begin(event: &Self::Event, at: DateTime<Utc>) -> Option<Self>;
    fn apply(&mut self, event: &Self::Event, at: DateTime<Utc>);
    fn into_record(this: Arc<Self>) -> Record;
    fn of(record: &mut Record) -> Option<&mut Self>;
    fn payload(event: Self::Event) -> Event;
}

macro_rules! entities {
    ($($name:ident by $event:ident;)*) => {$(
        impl Entity for $name {
            type Event = $event;

            fn key(&self) -> Key {
                $name::key(self)
            }
            fn begin(event: &$event, at: DateTime<Utc>) -> Option<Self> {
                $name::begin(event, at)
            }
            fn apply(&mut self, event: &$event, at: DateTime<Utc>) {
                $name::apply(self, event, at);
            }
            fn into_record(this: Arc<Self>) -> Record {
                Record::$name(this)
            }
            fn of(record: &mut Record) -> Option<&mut Self> {
                if let Record::$name(this) = record { Some(Arc::make_mut(this)) } else { None }
            }
            fn payload(event: $event) -> Event {
                Event::$name(event)
            }
        }
    )*};
}

entities! {
    Contact by ContactEvent;
    Customer by CustomerEvent;
    Presence by PresenceEvent;
    Conversation by ConversationEvent;
    Message by MessageEvent;
}
