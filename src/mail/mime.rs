//! Raw bytes as a mail, over `mail-parser` behind guards.

use std::borrow::Cow;
use std::panic::catch_unwind;

use mail_parser::{Encoding, Message, MessageParser, MessagePart, MimeHeaders, PartType};

use super::headers::{MailHeaders, RawHeaders, is_name, split_line};
use super::parsed::{MailAttachment, ParsedMail, ReportPart};
use super::words::text_of;

/// The longest mail that is looked at, in bytes; what is over is cut off.
pub const MAX_MAIL_BYTES: usize = 64 * 1024 * 1024;

/// How often a mail may speak of mails inside of it. The parser holds each in the one around it, and as many frees on its stack.
const MAX_INNER_MAILS: usize = 200;

/// The longest text that is kept, in bytes.
const MAX_TEXT_BYTES: usize = 8 * 1024 * 1024;

/// How many files and reporting parts are kept.
const MAX_ATTACHMENTS: usize = 1_000;
const MAX_REPORT_PARTS: usize = 20;

/// How much of a reporting part is kept, in bytes.
const MAX_REPORT_BYTES: usize = 64 * 1024;

/// Reads a raw mail, whatever the bytes are: what is no mail comes out as text without headers.
#[must_use]
pub fn read_mail(raw: &[u8]) -> ParsedMail {
    let cut = raw.get(..MAX_MAIL_BYTES).unwrap_or(raw);
    let lines = with_line_feeds(without_envelope(without_blank_lines(cut)));
    let mut mail =
        ParsedMail { headers: MailHeaders::from_raw(&lines), is_cut: raw.len() > cut.len(), ..ParsedMail::default() };
    match (inner_mails(&lines) <= MAX_INNER_MAILS).then(|| parsed(&lines)).flatten() {
        Some(message) => take_apart(&message, &lines, &mut mail),
        None => {
            mail.text = raw_text(&lines);
            mail.is_cut = true;
        }
    }
    mail
}

/// The mail as the parser takes it. Built for debugging, the parser holds assertions that a stranger's bytes can break; a mail must
/// not end a host's process, so that it is a mail that cannot be parsed.
fn parsed(lines: &[u8]) -> Option<Message<'_>> {
    let parser = MessageParser::new().with_mime_headers().default_header_ignore();
    catch_unwind(|| parser.parse(lines)).ok().flatten()
}

/// All that follows the headers, as it stands.
fn raw_text(raw: &[u8]) -> String {
    let mut headers = RawHeaders::of(raw);
    while headers.next().is_some() {}
    kept(&text_of(headers.body()), MAX_TEXT_BYTES)
}

/// Programs that store mail put empty lines before it; what follows must look like a header, else it is a text.
fn without_blank_lines(raw: &[u8]) -> &[u8] {
    let mut rest = raw;
    while !rest.is_empty() {
        let (line, after) = split_line(rest);
        if !line.trim_ascii().is_empty() {
            let name = line.split(|byte| *byte == b':').next().unwrap_or_default();
            return if name.len() < line.len() && is_name(name) { rest } else { raw };
        }
        rest = after;
    }
    raw
}

/// A mail out of an mbox may still begin with the line that divides it from the mail before.
fn without_envelope(raw: &[u8]) -> &[u8] {
    if raw.starts_with(b"From ") { split_line(raw).1 } else { raw }
}

/// Lines that end by CR alone are none to the parser.
fn with_line_feeds(raw: &[u8]) -> Cow<'_, [u8]> {
    if raw.contains(&b'\n') || !raw.contains(&b'\r') {
        return Cow::Borrowed(raw);
    }
    raw.iter().map(|byte| if *byte == b'\r' { b'\n' } else { *byte }).collect()
}

/// How often the types occur that make a part a mail of its own.
fn inner_mails(raw: &[u8]) -> usize {
    let types: [&[u8]; 3] = [b"rfc822", b"global", b"digest"];
    let is_type = |window: &&[u8]| types.iter().any(|name| window.eq_ignore_ascii_case(name));
    // Nearly every letter of a mail is none of these, and every mail is looked through.
    let may_be_type = |window: &&[u8]| matches!(window, [b'r' | b'R' | b'g' | b'G' | b'd' | b'D', ..]);
    raw.windows(6).filter(may_be_type).filter(is_type).count()
}

fn take_apart(message: &Message<'_>, raw: &[u8], mail: &mut ParsedMail) {
    let part = |id: &u32| message.parts.get(*id as usize);
    let texts = message.text_body.iter().filter_map(part).filter_map(|part| match &part.body {
        PartType::Text(text) => Some(text.as_ref()),
        _ => None,
    });
    let text = joined(texts);
    let htmls = message.html_body.iter().filter_map(part).filter_map(|part| match &part.body {
        PartType::Html(html) => Some(html.as_ref()),
        _ => None,
    });
    let html = joined(htmls);
    mail.text = match (&text, &html) {
        (Some(text), _) => text.clone(),
        (None, Some(html)) => kept(&mail_parser::decoders::html::html_to_text(html), MAX_TEXT_BYTES),
        (None, None) => String::new(),
    };
    mail.html = html;
    let files = message.attachments.iter().filter_map(part);
    mail.attachments = files.take(MAX_ATTACHMENTS).map(|file| attachment(file, raw)).collect();
    mail.is_cut |= message.attachments.len() > MAX_ATTACHMENTS;
    mail.report_parts = message.parts.iter().filter_map(|part| report_part(part, raw)).take(MAX_REPORT_PARTS).collect();
}

fn joined<'a>(texts: impl Iterator<Item = &'a str>) -> Option<String> {
    let mut all: Option<String> = None;
    for text in texts {
        let all = all.get_or_insert_default();
        if !all.is_empty() {
            all.push('\n');
        }
        all.push_str(&kept(text, MAX_TEXT_BYTES.saturating_sub(all.len())));
    }
    all
}

/// The beginning of a text, without NUL bytes.
fn kept(text: &str, bytes: usize) -> String {
    let mut end = bytes.min(text.len());
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    text.get(..end).unwrap_or_default().replace('\0', "")
}

fn media_type(part: &MessagePart<'_>) -> String {
    match part.content_type() {
        Some(kind) => format!("{}/{}", kind.ctype(), kind.subtype().unwrap_or_default()).to_ascii_lowercase(),
        None => match &part.body {
            PartType::Message(_) => "message/rfc822".into(),
            PartType::Html(_) => "text/html".into(),
            _ => "text/plain".into(),
        },
    }
}

fn attachment(part: &MessagePart<'_>, raw: &[u8]) -> MailAttachment {
    let content_id = part.content_id().map(|id| id.trim_matches(['<', '>', ' ']).to_owned());
    let bytes = match &part.body {
        PartType::Message(_) => content(part, raw).to_vec(),
        _ => part.contents().to_vec(),
    };
    MailAttachment {
        name: part.attachment_name().map(|name| name.chars().filter(|c| !c.is_control()).take(255).collect()),
        media_type: media_type(part),
        content_id: content_id.filter(|id| !id.is_empty()),
        is_inline: part.content_disposition().is_some_and(|disposition| disposition.is_inline()),
        bytes,
    }
}

fn report_part(part: &MessagePart<'_>, raw: &[u8]) -> Option<ReportPart> {
    let media_type = media_type(part);
    let reports = media_type.starts_with("message/") || media_type.ends_with("rfc822-headers");
    reports.then(|| {
        let bytes = content(part, raw);
        let first = bytes.get(..MAX_REPORT_BYTES).unwrap_or(bytes);
        ReportPart { media_type, text: text_of(first).replace('\0', "") }
    })
}

/// A part's bytes; those of a mail as it stands in the mail around it, unless it was encoded.
fn content<'a>(part: &'a MessagePart<'_>, raw: &'a [u8]) -> &'a [u8] {
    match &part.body {
        // Only of an encoded one does the parser keep the bytes by themselves.
        PartType::Message(inner) if part.encoding != Encoding::None => &inner.raw_message,
        PartType::Message(_) => raw.get(part.offset_body as usize..part.offset_end as usize).unwrap_or_default(),
        _ => part.contents(),
    }
}
