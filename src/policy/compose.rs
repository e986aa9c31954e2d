//! What is written: typed or from a template, within the channel's limits, under a fresh subject (R25, R27, R36).

use chrono::{DateTime, Utc};

use super::rules::{attachments_allowed, hosted, images_allowed, images_shown, nothing_embedded};
use super::{Checks, Refused};
use crate::directory::{Directory, HtmlRemoval, SubjectReuse};
use crate::mail::html::{HtmlCleaner, Way, removed, shows_an_image};
use crate::model::{
    Attachment, Body, Channel, Content, ConversationId, HostedImage, InlineImage, MessageId, Private, RenderError,
    Subject, TemplateUse, Wording, is_blank,
};
use crate::refusal::{Code, Fact, Refusal, Refusals};
use crate::sms::{self, Encoding};

/// Where something is written.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Writing<'a> {
    pub(crate) directory: &'a Directory,
    pub(crate) html: Option<&'a dyn HtmlCleaner>,
    pub(crate) channel: Channel,
    /// The subject that the conversation goes under, on e-mail.
    pub(crate) subject: Option<&'a Subject>,
    pub(crate) message: MessageId,
    pub(crate) now: DateTime<Utc>,
}

/// A wording made into text.
struct Worded {
    subject: Option<String>,
    body: String,
    html: bool,
    template: Option<TemplateUse>,
}

/// What was composed, and what the set-up says to warn of.
#[derive(Debug)]
pub(crate) struct Composed {
    pub(crate) content: Content,
    pub(crate) warnings: Vec<Refusal>,
}

/// R25–R34: the content of a message, exactly as it will leave.
pub(crate) fn compose(
    checks: &mut Checks,
    on: Writing<'_>,
    subject: Option<&str>,
    wording: &Wording,
    attachments: &[Attachment],
) -> Result<Composed, Refused> {
    let channel = on.channel;
    let worded = word(checks, on.directory, channel, wording)?;
    let images: &[InlineImage] = if let Wording::Html { images, .. } = wording { images } else { &[] };
    let subject = subject.map(str::to_owned).or_else(|| worded.subject.clone());
    fits_channel(checks, channel, &worded, subject.is_some(), attachments);
    within_length(checks, on.directory, channel, &worded.body);
    within_segments(checks, on.directory, channel, &worded.body);
    let (body, warnings) = harmless(checks, on, &worded);
    not_blank(checks, &body);
    let subject = match subject {
        _ if channel != Channel::Email => None,
        Some(text) => parsed_subject(checks, &text),
        None => on.subject.cloned(),
    };
    if channel == Channel::Email {
        let organization = on.directory.organization();
        attachments_allowed(checks, organization.attachments(), attachments, images);
        images_allowed(checks, organization, images);
        images_shown(checks, if worded.html { body.expose() } else { "" }, images);
        nothing_embedded(checks, if worded.html { &worded.body } else { "" }, attachments);
    }
    checks.all_hold()?;
    let (body, images) = host_images(on, body, images);
    let attachments = attachments.to_vec();
    let content = Content { subject, body, template: worded.template, images, attachments, ..Content::default() };
    Ok(Composed { content, warnings })
}

/// R25, B8: a wording as a text message, for a preview, and every reason for which its text would not be sent.
pub(crate) fn preview_text(directory: &Directory, wording: &Wording) -> Result<(String, Option<Refusals>), Refused> {
    let mut checks = Checks::default();
    let worded = word(&mut checks, directory, Channel::Sms, wording)?;
    checks.all_hold()?;
    fits_channel(&mut checks, Channel::Sms, &worded, worded.subject.is_some(), &[]);
    not_blank(&mut checks, &Body::Text(Private::new(worded.body.clone())));
    within_length(&mut checks, directory, Channel::Sms, &worded.body);
    within_segments(&mut checks, directory, Channel::Sms, &worded.body);
    Ok((worded.body, checks.all_hold().err().map(|refused| *refused.0)))
}

/// R25: HTML holds nothing that does harm where it is read; the set-up says whether a warning or a refusal comes of what it held.
///
/// HTML that is too long, and so refused, is not looked at.
fn harmless(checks: &mut Checks, on: Writing<'_>, worded: &Worded) -> (Body, Vec<Refusal>) {
    if !worded.html {
        return (Body::Text(Private::new(worded.body.clone())), Vec::new());
    }
    let limit = on.directory.organization().text_limits().max_email_bytes as usize;
    let cleaner = on.html.filter(|_| worded.body.len() <= limit);
    let Some(cleaner) = cleaner else { return (Body::Html(Private::new(worded.body.clone())), Vec::new()) };
    let clean = cleaner.clean(&worded.body, Way::Outbound);
    let removed = removed(&worded.body, &clean);
    let lost = !removed.is_empty();
    let refusal = || Refusal::new(Code::HtmlCleaned, vec![Fact::new("removed", removed)]);
    let warnings = match on.directory.organization().html_removal() {
        HtmlRemoval::Refuse => {
            checks.check(!lost, refusal);
            Vec::new()
        }
        HtmlRemoval::Warn => lost.then(refusal).into_iter().collect(),
    };
    (Body::Html(Private::new(clean)), warnings)
}

fn host_images(on: Writing<'_>, body: Body, images: &[InlineImage]) -> (Body, Vec<HostedImage>) {
    match on.directory.organization().media_base_url() {
        Some(base) if !images.is_empty() => {
            let (html, hosted) = hosted(body.expose(), images, base, on.message, on.now);
            (Body::Html(Private::new(html)), hosted)
        }
        _ => (body, Vec::new()),
    }
}

/// R25: the text as typed, or the template with its values; a missing one is a refusal, never a raw placeholder.
fn word(checks: &mut Checks, directory: &Directory, channel: Channel, wording: &Wording) -> Result<Worded, Refused> {
    let typed =
        |text: &Private<String>, html| Worded { subject: None, body: text.expose().clone(), html, template: None };
    match wording {
        Wording::Text(text) => Ok(typed(text, false)),
        Wording::Html { html, .. } => Ok(typed(html, true)),
        Wording::Template { template: id, values } => {
            let template =
                checks.need(directory.template(id), Code::TemplateUnknown, || vec![Fact::new("template", id)])?;
            checks.require(template.channel() == channel, Code::TemplateOtherChannel, || {
                vec![Fact::new("template", id), Fact::new("found", template.channel()), Fact::new("channel", channel)]
            });
            let rendered = template.render(values);
            let none: &[String] = &[];
            let of = |part: fn(&RenderError) -> &[String]| rendered.as_ref().err().map_or(none, part);
            for (code, names) in [
                (Code::TemplateVariablesMissing, of(RenderError::missing)),
                (Code::TemplateValueNotALine, of(RenderError::line_breaks)),
            ] {
                checks.require(names.is_empty(), code, || {
                    vec![Fact::new("template", id), Fact::new("variables", names.to_vec())]
                });
            }
            let unknown = of(RenderError::unknown);
            checks.require(unknown.is_empty(), Code::TemplateVariablesUnknown, || {
                vec![Fact::new("template", id), Fact::quoting_each("variables", unknown)]
            });
            checks.all_hold()?;
            let rendered = rendered.unwrap_or_default();
            Ok(Worded {
                subject: rendered.subject,
                body: rendered.body,
                html: template.is_html(),
                template: Some(TemplateUse { template: id.clone(), version: template.version() }),
            })
        }
    }
}

/// R25: HTML, subjects and attachments go by e-mail only.
fn fits_channel(checks: &mut Checks, channel: Channel, worded: &Worded, subject: bool, attachments: &[Attachment]) {
    let what = match channel {
        Channel::Email => None,
        _ if worded.html => Some("HTML"),
        _ if subject => Some("a subject"),
        _ if !attachments.is_empty() => Some("an attachment"),
        _ => None,
    };
    checks.require(what.is_none(), Code::MessageEmailOnly, || {
        vec![Fact::new("what", what.unwrap_or_default()), Fact::new("channel", channel)]
    });
}

/// R25: a message says something.
fn not_blank(checks: &mut Checks, body: &Body) {
    let shows = body.is_html() && shows_an_image(body.expose());
    checks.require(shows || !is_blank(&body.plain()), Code::MessageBlank, Vec::new);
}

/// R25: a message is within the channel's length.
fn within_length(checks: &mut Checks, directory: &Directory, channel: Channel, body: &str) {
    let organization = directory.organization();
    let (length, limit, unit) = match channel {
        Channel::Email => (body.len() as u64, organization.text_limits().max_email_bytes, "bytes"),
        _ => (body.chars().count() as u64, organization.text_limits().max_sms_chars, "characters"),
    };
    let limit = u64::from(limit);
    checks.require(length <= limit, Code::MessageTooLong, || {
        vec![Fact::new("length", length), Fact::new("unit", unit), Fact::new("limit", limit)]
    });
}

/// How many of the characters that made a text message UCS-2 are named.
const MAX_FORCED_NAMED: usize = 10;

/// B8: a text message costs no more segments than the organization wants to pay.
fn within_segments(checks: &mut Checks, directory: &Directory, channel: Channel, body: &str) {
    if channel != Channel::Sms {
        return;
    }
    let segments = sms::parts(body).count() as u64;
    let limit = u64::from(directory.organization().text_limits().max_sms_segments);
    checks.require(segments <= limit, Code::MessageTooManySegments, || {
        let named = sms::forced(body).iter().take(MAX_FORCED_NAMED).map(ToString::to_string).collect::<Vec<_>>();
        vec![
            Fact::new("segments", segments),
            Fact::new("limit", limit),
            Fact::new("encoding", Encoding::of(body).as_str()),
            Fact::new("forced", named),
            Fact::new("plainer_segments", sms::plainer(body).map_or(segments, |plainer| plainer.segments as u64)),
        ]
    });
}

fn parsed_subject(checks: &mut Checks, text: &str) -> Option<Subject> {
    let parsed = Subject::parse(text);
    checks.require(parsed.is_ok(), Code::SubjectNotASubject, || {
        parsed.as_ref().err().map(|error| Fact::new("problem", error.to_string())).into_iter().collect()
    });
    parsed.ok()
}

/// R27: an e-mail has a subject: its own, or that of its conversation.
pub(crate) fn subject_given(checks: &mut Checks, channel: Channel, content: &Content) {
    if channel == Channel::Email {
        checks.require(content.subject.is_some(), Code::SubjectMissing, Vec::new);
    }
}

/// R27: the subject that a message brings into its conversation; none where it goes on under the one that is there.
pub(crate) fn new_subject<'a>(present: Option<&Subject>, content: &'a Content) -> Option<&'a Subject> {
    let given = content.subject.as_ref()?;
    match present {
        Some(present) if present.normalised() == given.normalised() => None,
        _ => Some(given),
    }
}

/// R27: a subject not used before with this customer, or by policy a warning; its own conversation may use it again.
pub(crate) fn subject_unused(
    checks: &mut Checks,
    used_in: Option<ConversationId>,
    conversation: Option<ConversationId>,
    policy: SubjectReuse,
) -> Vec<Refusal> {
    let earlier = used_in.filter(|used| Some(*used) != conversation);
    let refusal = || {
        let facts = earlier.map(|used| Fact::new("conversation", used)).into_iter().collect();
        Refusal::new(Code::SubjectUsed, facts)
    };
    match policy {
        SubjectReuse::Refuse => {
            checks.check(earlier.is_none(), refusal);
            Vec::new()
        }
        SubjectReuse::Warn => earlier.map(|_| refusal()).into_iter().collect(),
    }
}

/// R36: a message whose deadline has passed is not sent late; it is not even taken.
pub(crate) fn deadline_to_come(checks: &mut Checks, not_after: DateTime<Utc>, now: DateTime<Utc>) {
    checks.require(not_after > now, Code::MessageDeadlinePassed, || vec![Fact::new("deadline", not_after)]);
}
