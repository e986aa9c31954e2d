//! What each fuzz target does with its bytes: the fuzzers run these bodies, and so does a test that replays their corpus.
//!
//! A body answers nothing: it panics where a promise is broken. Bytes that are no input of its kind it lets go.

#![expect(clippy::panic, reason = "a body says by a panic that a promise is broken")]

mod addresses;
mod commands;
mod cursor;
mod html;
mod json;
mod mail;
mod plain;
mod receipts;
mod tags;
mod threads;

pub use addresses::{email, phone, second_plan};
pub use commands::commands;
pub use html::html;
pub use json::{caps, hours, setup, stored, template};
pub use mail::{headers, mail, mail_ids, own_ids, report, subject};
pub use plain::{ids, keywords, search, sms};
pub use receipts::receipts;
pub use threads::threads;

/// What a target does with its bytes.
pub type Body = fn(&[u8]);

/// Every target by its name, which is also that of its corpus.
pub const TARGETS: [(&str, Body); 22] = [
    ("caps", caps),
    ("commands", commands),
    ("email", email),
    ("headers", headers),
    ("hours", hours),
    ("html", html),
    ("ids", ids),
    ("keywords", keywords),
    ("mail", mail),
    ("mail_ids", mail_ids),
    ("own_ids", own_ids),
    ("phone", phone),
    ("receipts", receipts),
    ("report", report),
    ("search", search),
    ("second_plan", second_plan),
    ("setup", setup),
    ("sms", sms),
    ("stored", stored),
    ("subject", subject),
    ("template", template),
    ("threads", threads),
];
