//! Message-IDs and reply addresses that nobody else can make (B7).
//!
//! An id of ours is a message's 128 bits and 80 bits of a keyed digest over them and a scope, in base 32: letters and digits that
//! survive a mail system which changes their case.

use std::fmt;

use hmac::{Hmac, Mac};
use sha2::Sha256;

use super::id::MailId;

/// The shortest secret, in bytes.
const MIN_SECRET_BYTES: usize = 16;

/// What an id of ours begins with: it tells a forged one from somebody else's.
const MARK: &str = "o1";

const ID_BYTES: usize = 16;
const TAG_BYTES: usize = 10;

/// 26 bytes, five bits a letter.
const CODE_LETTERS: usize = (ID_BYTES + TAG_BYTES) * 8 / 5 + 1;

const ALPHABET: &[u8; 32] = b"abcdefghijklmnopqrstuvwxyz234567";

/// The longest local part of an address, in bytes.
const MAX_LOCAL_BYTES: usize = 64;

/// What a tag is good for: one in a Message-ID is none in a reply address.
#[derive(Clone, Copy)]
enum Purpose {
    MessageId = 1,
    ReplyAddress = 2,
}

/// A secret of the host's, of at least 16 bytes; it never prints itself.
#[derive(Clone)]
pub struct ThreadingKey(Hmac<Sha256>);

/// A secret that could be guessed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the secret has {0} bytes, and 16 are the least")]
pub struct KeyTooShort(pub usize);

/// Why an address can carry no token.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum NoRoom {
    /// It has no local part or no domain.
    #[error("it is not an address")]
    NotAnAddress,
    /// Its local part would be longer than 64 bytes.
    #[error("its local part has {0} bytes, and with a token {most} are the most", most = MAX_LOCAL_BYTES - MARK.len() - CODE_LETTERS - 1)]
    LocalTooLong(usize),
}

impl ThreadingKey {
    /// A key over the host's secret bytes; 32 random ones are best.
    ///
    /// # Errors
    /// [`KeyTooShort`] under 16 bytes.
    pub fn new(secret: &[u8]) -> Result<Self, KeyTooShort> {
        if secret.len() < MIN_SECRET_BYTES {
            return Err(KeyTooShort(secret.len()));
        }
        Hmac::new_from_slice(secret).map(Self).map_err(|_| KeyTooShort(secret.len()))
    }

    fn tagged(&self, purpose: Purpose, scope: &[u8], id: &[u8]) -> Hmac<Sha256> {
        let mut mac = self.0.clone();
        mac.update(&[purpose as u8]);
        mac.update(&(scope.len() as u64).to_be_bytes());
        mac.update(scope);
        mac.update(id);
        mac
    }

    fn code(&self, purpose: Purpose, scope: &[u8], id: [u8; ID_BYTES]) -> String {
        let tag = self.tagged(purpose, scope, &id).finalize().into_bytes();
        let bytes: Vec<u8> = id.into_iter().chain(tag.into_iter().take(TAG_BYTES)).collect();
        format!("{MARK}{}", base32(&bytes))
    }
}

impl fmt::Debug for ThreadingKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ThreadingKey(•••)")
    }
}

/// The key that signs, and those before it, under which older ids still hold.
#[derive(Debug, Clone)]
pub struct ThreadingKeys {
    current: ThreadingKey,
    former: Vec<ThreadingKey>,
}

/// What an id or an address turns out to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OwnId {
    /// We made it, in this scope: the message's 128 bits.
    Ours([u8; 16]),
    /// It looks like ours and does not hold in this scope: forged, or made for another entry point or by another installation.
    NotHere,
    /// Somebody else's.
    Foreign,
}

impl ThreadingKeys {
    /// Signs and verifies under one key.
    #[must_use]
    pub const fn new(current: ThreadingKey) -> Self {
        Self { current, former: Vec::new() }
    }

    /// Verifies under an earlier key too.
    #[must_use]
    pub fn with_former(mut self, former: ThreadingKey) -> Self {
        self.former.push(former);
        self
    }

    /// The Message-ID of a message that we send, without angle brackets; `scope` is where it holds, `domain` the sender's. A desk's
    /// mails are made in [`Directory::threading_scope`](crate::directory::Directory::threading_scope).
    ///
    /// None where the domain is none: empty, longer than mail allows, or with white space, angle brackets or an `@` in it.
    #[must_use]
    pub fn message_id(&self, scope: &[u8], id: [u8; 16], domain: &str) -> Option<MailId> {
        let id = || MailId::parse(&format!("{}@{domain}", self.current.code(Purpose::MessageId, scope, id))).ok();
        if domain.contains('@') { None } else { id() }
    }

    /// The address that a reply to a message should go to: `local+token@domain`.
    ///
    /// # Errors
    /// [`NoRoom`] where the address is none, or its local part has no room for a token.
    pub fn reply_address(&self, scope: &[u8], id: [u8; 16], address: &str) -> Result<String, NoRoom> {
        let (local, domain) = address.trim().rsplit_once('@').ok_or(NoRoom::NotAnAddress)?;
        if local.is_empty() || domain.is_empty() {
            return Err(NoRoom::NotAnAddress);
        }
        let with_token = format!("{local}+{}", self.current.code(Purpose::ReplyAddress, scope, id));
        if with_token.len() > MAX_LOCAL_BYTES {
            return Err(NoRoom::LocalTooLong(local.len()));
        }
        Ok(format!("{with_token}@{domain}"))
    }

    /// What a Message-ID that a mail names is to us.
    #[must_use]
    pub fn read_message_id(&self, scope: &[u8], id: &MailId) -> OwnId {
        self.read(Purpose::MessageId, scope, id.local())
    }

    /// What an address that a mail went to is to us: a token stands at the end of its local part, behind `+`, `-` or `=`.
    #[must_use]
    pub fn read_reply_address(&self, scope: &[u8], address: &str) -> OwnId {
        let local = address.trim().rsplit_once('@').map_or("", |(local, _)| local);
        match local.rsplit_once(['+', '-', '=']) {
            Some((_, code)) => self.read(Purpose::ReplyAddress, scope, code),
            None => OwnId::Foreign,
        }
    }

    fn read(&self, purpose: Purpose, scope: &[u8], code: &str) -> OwnId {
        let Some((id, tag)) = split_code(code) else { return OwnId::Foreign };
        let holds = |key: &ThreadingKey| key.tagged(purpose, scope, &id).verify_truncated_left(&tag).is_ok();
        if holds(&self.current) || self.former.iter().any(holds) { OwnId::Ours(id) } else { OwnId::NotHere }
    }
}

/// The message's bits and the tag of a code in our form.
fn split_code(code: &str) -> Option<([u8; ID_BYTES], [u8; TAG_BYTES])> {
    let (mark, letters) = code.split_at_checked(MARK.len())?;
    if !mark.eq_ignore_ascii_case(MARK) || letters.len() != CODE_LETTERS {
        return None;
    }
    let bytes = unbase32(letters)?;
    let (id, tag) = bytes.split_first_chunk::<ID_BYTES>()?;
    Some((*id, tag.try_into().ok()?))
}

fn base32(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len().div_ceil(5) * 8);
    let (mut held, mut bits) = (0_u32, 0);
    let letter = |held: u32| char::from(ALPHABET.get((held & 31) as usize).copied().unwrap_or_default());
    for byte in bytes {
        held = (held << 8) | u32::from(*byte);
        bits += 8;
        while bits >= 5 {
            bits -= 5;
            text.push(letter(held >> bits));
        }
    }
    if bits > 0 {
        text.push(letter(held << (5 - bits)));
    }
    text
}

/// The bytes of a text in base 32, in either case; none where it is not exactly what [`base32`] writes.
fn unbase32(text: &str) -> Option<Vec<u8>> {
    let mut bytes = Vec::with_capacity(text.len() * 5 / 8);
    let (mut held, mut bits) = (0_u32, 0);
    for letter in text.bytes() {
        let value = ALPHABET.iter().zip(0_u32..).find(|(own, _)| **own == letter.to_ascii_lowercase())?.1;
        held = ((held << 5) | value) & 0xfff;
        bits += 5;
        if bits >= 8 {
            bits -= 8;
            bytes.push(((held >> bits) & 0xff).try_into().ok()?);
        }
    }
    (held & ((1 << bits) - 1) == 0).then_some(bytes)
}
