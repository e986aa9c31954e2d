//! An e-mail as it came in, as a message that is received (B2, B7).

use super::ReceiveMessage;
use crate::command::mail_names::name_of;
use crate::mail::{ParsedMail, report};
use crate::model::{Attachment, Body, Digest, EntryPointId, Private, ProviderId};

impl ReceiveMessage {
    /// An e-mail as it came in: from whom it says, known by its Message-ID, or where it has none by a digest of it.
    ///
    /// The host keeps the files; each is located by the mail's provider id, `#` and its number in the mail, from 1, until the host says
    /// otherwise. A mail that names no author is from nobody, and is received only where it reports about a message of ours.
    ///
    /// `Reply-To` is not looked at, since anybody can write any address into it: what a web form sends in a customer's name is from
    /// the form, until the host says otherwise by [`from`](ReceiveMessage::from).
    #[must_use]
    pub fn from_mail(entry_point: EntryPointId, mail: &ParsedMail) -> Self {
        let headers = &mail.headers;
        let provider = match &headers.message_id {
            Some(id) => name_of(id),
            None => ProviderId::of_mail(digest(mail)),
        };
        let body = match &mail.html {
            Some(html) => Body::Html(Private::new(html.clone())),
            None => Body::Text(Private::new(mail.text.clone())),
        };
        let attachments = mail.attachments.iter().zip(1..).map(|(file, number): (_, usize)| Attachment {
            name: Private::new(file.name.clone().unwrap_or_default()),
            media_type: file.media_type.clone(),
            size: file.bytes.len() as u64,
            location: Private::new(format!("{provider}#{number}")),
            content_id: file.content_id.clone(),
        });
        Self {
            entry_point,
            from: headers.author().map(|author| author.address.clone()).unwrap_or_default().into(),
            customer: None,
            subject: headers.subject.clone().map(Private::new),
            body,
            attachments: attachments.collect(),
            mail: Some(Box::new(headers.clone())),
            report: report(mail).map(Box::new),
            provider,
        }
    }
}

/// A mail without a Message-ID is known again by all that it says.
fn digest(mail: &ParsedMail) -> Digest {
    let headers = &mail.headers;
    let author = headers.author().map(|author| author.address.as_bytes()).unwrap_or_default();
    let date = headers.date.map(|date| date.timestamp().to_be_bytes()).unwrap_or_default();
    let subject = headers.subject.as_deref().unwrap_or_default().as_bytes();
    let html = mail.html.as_deref().unwrap_or_default().as_bytes();
    let said = [author, date.as_slice(), subject, mail.text.as_bytes(), html];
    let parts = said.into_iter().chain(mail.attachments.iter().map(|file| file.bytes.as_slice()));
    Digest::of(&parts.collect::<Vec<_>>())
}
