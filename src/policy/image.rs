//! Images within an e-mail (R28–R34).

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use chrono::{DateTime, Months, Utc};

use super::Checks;
use crate::directory::Organization;
use crate::mail::html::{Showing, refers_to, shown_as};
use crate::mail::media_type::image_type;
use crate::model::{Attachment, Content, HostedImage, InlineImage, MessageId};
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
                Fact::quoting("image", &image.name),
                Fact::new("size", size as u64),
                Fact::new("limit", MAX_IMAGE_BYTES as u64),
            ]
        });
        let declared = image.media_type.as_str();
        let known = SHOWN_EVERYWHERE.contains(&declared);
        checks.require(known, Code::ImageNotAnImage, || {
            vec![Fact::quoting("image", &image.name), Fact::quoting("media_type", declared)]
        });
        let found = image_type(image.bytes.expose());
        checks.require(!known || found == Some(declared), Code::ImageNotAsDeclared, || {
            vec![
                Fact::quoting("image", &image.name),
                Fact::quoting("media_type", declared),
                Fact::new("found", found.unwrap_or("none of these")),
            ]
        });
    }
}

/// R31: the media types of images that every mail program shows; other kinds, such as SVG, could do more than be shown.
const SHOWN_EVERYWHERE: [&str; 4] = ["image/png", "image/jpeg", "image/gif", "image/webp"];

/// R32: the text shows each given image, and no other.
pub(crate) fn images_shown(checks: &mut Checks, html: &str, images: &[InlineImage]) {
    let shown = shown_as(html, OWN);
    let wanted: BTreeSet<&str> = shown.iter().map(|showing| showing.name.as_str()).collect();
    let mut given = BTreeSet::new();
    for image in images {
        // Of two images with one name only the first could be shown.
        let first = given.insert(image.name.as_str());
        checks.require(first && wanted.contains(image.name.as_str()), Code::ImageNotShown, || {
            vec![Fact::quoting("image", &image.name)]
        });
    }
    for name in &wanted {
        checks.require(given.contains(name), Code::ImageNotGiven, || vec![Fact::quoting("image", name)]);
    }
}

/// R32, R34: neither the text nor an attachment makes the e-mail a multipart one with Content-IDs, and no image's data stands in the
/// text itself.
pub(crate) fn nothing_embedded(checks: &mut Checks, html: &str, attachments: &[Attachment]) {
    checks.require(!refers_to(html, "data:"), Code::ImageEmbedded, Vec::new);
    let parts = refers_to(html, "cid:") || attachments.iter().any(|attachment| attachment.content_id.is_some());
    checks.require(!parts, Code::ContentIdNotSupported, Vec::new);
}

/// R28, R33: what is sent again shows images only while that is allowed, and these are kept as long as those of a new message.
pub(crate) fn shown_again(
    checks: &mut Checks,
    organization: &Organization,
    content: &Arc<Content>,
    now: DateTime<Utc>,
) -> Arc<Content> {
    if content.images.is_empty() {
        return Arc::clone(content);
    }
    checks.require(!organization.is_pci(), Code::ImageForbidden, Vec::new);
    let mut content = Content::clone(content);
    for image in &mut content.images {
        image.expires = kept_until(now);
    }
    Arc::new(content)
}

fn kept_until(now: DateTime<Utc>) -> DateTime<Utc> {
    now.checked_add_months(KEPT).unwrap_or(DateTime::<Utc>::MAX_UTC)
}

/// R31–R33: each image under its URL, kept for six calendar months, and the HTML with those URLs.
pub(crate) fn hosted(
    html: &str,
    images: &[InlineImage],
    base: &str,
    message: MessageId,
    now: DateTime<Utc>,
) -> (String, Vec<HostedImage>) {
    let expires = kept_until(now);
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
    for Showing { at, name } in shown_as(html, OWN) {
        let Some(url) = urls.get(name.as_str()) else { continue };
        written.push_str(html.get(copied..at.start).unwrap_or_default());
        written.push_str(url);
        copied = at.end;
    }
    written.push_str(html.get(copied..).unwrap_or_default());
    written
}
