//! Images within an e-mail (R28–R34).

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use chrono::{DateTime, Months, Utc};

use super::Checks;
use crate::directory::Organization;
use crate::model::{Attachment, HostedImage, InlineImage, MessageId};
use crate::refusal::{Code, Fact};

/// The largest inline image, in bytes, inclusive: 15 KiB, and not configurable (R29, R30).
pub const MAX_IMAGE_BYTES: usize = 15 * 1024;

/// How long a hosted image is kept (R33).
const KEPT: Months = Months::new(6);

/// What marks an image of the message's own in its HTML.
const OWN: &str = "inline:";

/// R28–R31: each image is allowed, small enough, an image, and there is a place to host it.
pub(crate) fn images_allowed(checks: &mut Checks, organization: &Organization, images: &[InlineImage]) {
    if images.is_empty() {
        return;
    }
    checks.require(!organization.is_pci(), Code::ImageForbidden, Vec::new);
    checks.require(organization.media_base_url().is_some(), Code::ImageNoHost, Vec::new);
    for image in images {
        let size = image.bytes.expose().len();
        checks.require(size <= MAX_IMAGE_BYTES, Code::ImageTooLarge, || {
            vec![
                Fact::new("image", image.name.as_str()),
                Fact::new("size", size as u64),
                Fact::new("limit", MAX_IMAGE_BYTES as u64),
            ]
        });
        checks.require(is_image(&image.media_type), Code::ImageNotAnImage, || {
            vec![Fact::new("image", image.name.as_str()), Fact::new("media_type", image.media_type.as_str())]
        });
    }
}

/// Whether a media type is that of an image, written as RFC 6838 does: it ends up in a header of whoever serves the image.
fn is_image(media_type: &str) -> bool {
    let is_name = |b: u8| b.is_ascii_alphanumeric() || b"!#$&-^_.+".contains(&b);
    media_type.strip_prefix("image/").is_some_and(|name| !name.is_empty() && name.bytes().all(is_name))
}

/// R32: the text shows each given image, and no other. R34: neither it nor an attachment makes the e-mail a multipart one
/// with Content-IDs, and no image's data stands in the text itself.
pub(crate) fn images_shown(checks: &mut Checks, html: &str, images: &[InlineImage], attachments: &[Attachment]) {
    let shown: Vec<&str> = own_sources(html).into_iter().map(|(_, name)| name).collect();
    let wanted: BTreeSet<&str> = shown.iter().copied().collect();
    let mut given = BTreeSet::new();
    for image in images {
        // Of two images with one name only the first could be shown.
        let first = given.insert(image.name.as_str());
        checks.require(first && wanted.contains(image.name.as_str()), Code::ImageNotShown, || {
            vec![Fact::new("image", image.name.as_str())]
        });
    }
    for name in &shown {
        checks.require(given.contains(name), Code::ImageNotGiven, || vec![Fact::new("image", *name)]);
    }
    checks.require(!refers_to(html, "data:"), Code::ImageEmbedded, Vec::new);
    let parts = refers_to(html, "cid:") || attachments.iter().any(|attachment| attachment.content_id.is_some());
    checks.require(!parts, Code::ContentIdNotSupported, Vec::new);
}

/// R31–R33: each image under its URL, kept for six calendar months, and the HTML with those URLs.
pub(crate) fn hosted(
    html: &str,
    images: &[InlineImage],
    base: &str,
    message: MessageId,
    now: DateTime<Utc>,
) -> (String, Vec<HostedImage>) {
    let expires = now.checked_add_months(KEPT).unwrap_or(DateTime::<Utc>::MAX_UTC);
    let hosted: Vec<HostedImage> = images
        .iter()
        .zip(1..)
        .map(|(image, number): (&InlineImage, u32)| HostedImage {
            name: image.name.as_str().into(),
            media_type: image.media_type.as_str().into(),
            url: format!("{}/{message}/{number}", base.trim_end_matches('/')).into(),
            expires,
            bytes: image.bytes.clone(),
        })
        .collect();
    (with_urls(html, &hosted), hosted)
}

fn with_urls(html: &str, images: &[HostedImage]) -> String {
    let urls: BTreeMap<&str, &str> = images.iter().map(|image| (&*image.name, &*image.url)).collect();
    let mut written = String::with_capacity(html.len());
    let mut copied = 0;
    for (range, name) in own_sources(html) {
        let Some(url) = urls.get(name) else { continue };
        written.push_str(html.get(copied..range.start).unwrap_or_default());
        written.push_str(url);
        copied = range.end;
    }
    written.push_str(html.get(copied..).unwrap_or_default());
    written
}

/// The `src` attributes that show an image of the message's own: where the value stands, and the image's name.
fn own_sources(html: &str) -> Vec<(Range<usize>, &str)> {
    let lower = html.to_ascii_lowercase();
    let mut sources = Vec::new();
    let mut from = 0;
    while let Some(found) = lower.get(from..).and_then(|rest| rest.find("src")) {
        let begin = from + found;
        let name_end = begin + "src".len();
        from = name_end;
        if !begins_attribute(html, begin) {
            continue;
        }
        let Some(value) = attribute_value(html, name_end) else { continue };
        from = value.end;
        let text = html.get(value.clone()).unwrap_or_default();
        let marked = text.get(..OWN.len()).is_some_and(|mark| mark.eq_ignore_ascii_case(OWN));
        if let Some(name) = text.get(OWN.len()..).filter(|_| marked) {
            sources.push((value, name));
        }
    }
    sources
}

/// Whether a name at a place is a whole one, not the end of another such as `data-src`.
fn begins_attribute(html: &str, at: usize) -> bool {
    html.get(..at)
        .and_then(|before| before.chars().next_back())
        .is_some_and(|c| c.is_whitespace() || "\"'/".contains(c))
}

/// Where the value of an attribute stands, whose name ends at a place.
fn attribute_value(html: &str, name_end: usize) -> Option<Range<usize>> {
    let skip = |at: usize| Some(at + html.get(at..)?.len() - html.get(at..)?.trim_start().len());
    let equals = skip(name_end)?;
    html.get(equals..)?.strip_prefix('=')?;
    let start = skip(equals + 1)?;
    let rest = html.get(start..)?;
    let quoted = ['"', '\''].into_iter().find(|quote| rest.starts_with(*quote));
    match quoted {
        Some(quote) => {
            let inner = html.get(start + 1..)?;
            Some(start + 1..start + 1 + inner.find(quote)?)
        }
        None => {
            let end = rest.find(|c: char| c.is_whitespace() || c == '>').unwrap_or(rest.len());
            Some(start..start + end)
        }
    }
}

/// Whether an attribute or a style refers to something by a scheme.
fn refers_to(html: &str, scheme: &str) -> bool {
    let lower = html.to_ascii_lowercase();
    lower.match_indices(scheme).any(|(at, _)| {
        let before = lower.get(..at).unwrap_or_default().trim_end();
        before.ends_with(['"', '\'', '=']) || before.ends_with("url(")
    })
}
