//! HTML: nothing that runs or loads survives its cleaning, and cleaning again changes nothing.

use super::tags::{attribute_names, tags_of};
use outbound::mail::html::{Ammonia, HtmlCleaner, Way, remote_images, to_text};

const TAGS: [&str; 14] = [
    "script", "svg", "math", "style", "iframe", "object", "embed", "form", "input", "select", "link", "meta", "base",
    "template",
];
const ATTRIBUTES: [&str; 6] = ["class", "id", "srcset", "action", "background", "formaction"];
const VALUES: [&str; 3] = ["=\"javascript:", "=\"data:", "=\"vbscript:"];

/// HTML in both ways, and its text.
pub fn html(data: &[u8]) {
    let html = String::from_utf8_lossy(data);
    let _ = (to_text(&html), remote_images(&html));
    let cleaner = Ammonia::new();
    for way in [Way::Outbound, Way::Inbound] {
        let cleaned = cleaner.clean(&html, way);
        assert_eq!(cleaner.clean(&cleaned, way), cleaned, "cleaned again");
        let _ = to_text(&cleaned);
        for tag in tags_of(&cleaned) {
            is_harmless(&tag.to_ascii_lowercase(), way);
        }
    }
}

fn is_harmless(tag: &str, way: Way) {
    let name = tag.trim_start_matches('<').split([' ', '>', '/']).next().unwrap_or_default();
    assert!(!TAGS.contains(&name), "{tag}");
    for name in attribute_names(tag) {
        assert!(!name.starts_with("on") && !ATTRIBUTES.contains(&name), "{tag}");
    }
    assert!(!VALUES.iter().any(|bad| tag.contains(bad)), "{tag}");
    // In the address of an image or a link it is a name like any other.
    let style = tag.split_once("style=\"").and_then(|(_, style)| style.split('"').next());
    assert!(!style.is_some_and(|style| style.contains("url(")), "{tag}");
    assert!(way == Way::Outbound || !tag.contains(" src=\"http"), "{tag}");
}
