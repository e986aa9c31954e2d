//! What is kept of a message that came in: all of it within the set-up's limits, flagged where it is not as it was (R25, R34).

use crate::directory::{InboundLimits, Organization};
use crate::mail::file_name::MAX_FILE_NAME_BYTES;
use crate::mail::html::{HtmlCleaner, Way, remote_images, removed};
use crate::model::{Attachment, Body, Content, ContentFlag, Private, Subject};

use super::rules::attachment_problems;

/// The longest media type and Content-ID that are kept, in bytes.
const MAX_NAME_BYTES: usize = 255;

/// The content of a message that came in.
pub(crate) fn kept(
    organization: &Organization,
    cleaner: Option<&dyn HtmlCleaner>,
    subject: Option<Subject>,
    body: &Body,
    attachments: &[Attachment],
) -> Content {
    let mut flags = Vec::new();
    let body = cleaned(cleaner, cut(organization.inbound(), body, &mut flags), &mut flags);
    let attachments = attached(organization, attachments, &mut flags);
    Content { subject, body, attachments, flags, ..Content::default() }
}

fn cut(limits: &InboundLimits, body: &Body, flags: &mut Vec<ContentFlag>) -> Body {
    let (text, limit) = (body.expose(), limits.max_body_bytes as usize);
    if text.len() <= limit {
        return body.clone();
    }
    flags.push(ContentFlag::BodyCut { bytes: text.len() as u64 });
    let kept = Private::new(begin_of(text, limit).to_owned());
    if body.is_html() { Body::Html(kept) } else { Body::Text(kept) }
}

/// R25: nothing that an agent opens does harm.
fn cleaned(cleaner: Option<&dyn HtmlCleaner>, body: Body, flags: &mut Vec<ContentFlag>) -> Body {
    let (Some(cleaner), Body::Html(html)) = (cleaner, &body) else { return body };
    let clean = cleaner.clean(html.expose(), Way::Inbound);
    flags.push(ContentFlag::HtmlCleaned { removed: removed(html.expose(), &clean) });
    let remote = remote_images(&clean) as u64;
    if remote > 0 {
        flags.push(ContentFlag::RemoteImages { count: remote });
    }
    Body::Html(Private::new(clean))
}

/// R34: parts with a Content-ID are kept as every other attachment is.
fn attached(organization: &Organization, attachments: &[Attachment], flags: &mut Vec<ContentFlag>) -> Vec<Attachment> {
    let limit = organization.inbound().max_attachments as usize;
    let parts = attachments.iter().filter(|attachment| attachment.content_id.is_some()).count();
    if parts > 0 {
        flags.push(ContentFlag::ContentIdParts { count: parts as u64 });
    }
    if attachments.len() > limit {
        flags.push(ContentFlag::AttachmentsLeftOut { count: (attachments.len() - limit) as u64 });
    }
    let mut kept = Vec::new();
    for (attachment, number) in attachments.iter().take(limit).zip(1..) {
        let problems = attachment_problems(organization.attachments(), attachment);
        flags.extend(problems.into_iter().map(|problem| ContentFlag::Attachment { number, problem }));
        kept.push(bounded(attachment));
    }
    kept
}

/// The attachment with names of a bounded length; one that was longer is flagged by its name or its type.
fn bounded(attachment: &Attachment) -> Attachment {
    Attachment {
        name: Private::new(begin_of(attachment.name.expose(), MAX_FILE_NAME_BYTES).to_owned()),
        media_type: begin_of(&attachment.media_type, MAX_NAME_BYTES).to_owned(),
        content_id: attachment.content_id.as_ref().map(|id| begin_of(id, MAX_NAME_BYTES).to_owned()),
        ..attachment.clone()
    }
}

/// The beginning of a text, at most so many bytes, that ends with a whole character.
fn begin_of(text: &str, most: usize) -> &str {
    let end = (0..=most.min(text.len())).rev().find(|end| text.is_char_boundary(*end));
    text.get(..end.unwrap_or_default()).unwrap_or_default()
}
