//! The cleaner over the `ammonia` crate.

use std::borrow::Cow;

use ammonia::{Builder, UrlRelative};

use super::scan::{Token, tags, tokens};
use super::{HtmlCleaner, REMOTE_SRC, Way, shape, style, to_text};

/// Cleans mail bodies with the `ammonia` crate: what is not known to be harmless goes.
///
/// Kept are text, its structure, lists, tables, images and links. Gone are scripts, event handlers, forms, frames, style sheets and
/// whatever else loads or runs something; comments; `class`, `id` and `name`, which could take hold of the host's own page; URLs
/// without a scheme, and those of other schemes than `http`, `https`, `mailto` and `tel`. Inline styles keep harmless properties.
/// Links say `rel="noopener noreferrer"`, and in mail that came in they open beside the page.
///
/// In mail that came in nothing is loaded from elsewhere, since a loaded image tells its sender that the mail was opened: the `src` of a
/// remote image stands in [`REMOTE_SRC`], and images that are parts of the mail keep their `cid:`.
///
/// HTML too deep or too tangled for a tree of bounded size, which no mail program writes, becomes its text in a `<pre>`.
#[derive(Debug)]
pub struct Ammonia {
    outbound: Builder<'static>,
    inbound: Builder<'static>,
}

impl Ammonia {
    /// The cleaner; make it once and use it for all mail.
    #[must_use]
    pub fn new() -> Self {
        Self { outbound: policy(Way::Outbound), inbound: policy(Way::Inbound) }
    }
}

impl Default for Ammonia {
    fn default() -> Self {
        Self::new()
    }
}

/// How often HTML is cleaned until it no longer changes; after that it is too strange to be shown.
const MAX_PASSES: usize = 4;

impl HtmlCleaner for Ammonia {
    fn clean(&self, html: &str, way: Way) -> String {
        let policy = match way {
            Way::Outbound => &self.outbound,
            Way::Inbound => &self.inbound,
        };
        let mut current = Cow::Borrowed(html);
        for _ in 0..MAX_PASSES {
            if !shape::is_bounded(&current) {
                break;
            }
            let cleaned = with_first_lines(&policy.clean(&current).to_string());
            let cleaned = if way == Way::Inbound { without_remote_sources(&cleaned) } else { cleaned };
            if cleaned == *current {
                return cleaned;
            }
            current = Cow::Owned(cleaned);
        }
        text_alone(html)
    }
}

/// What HTML says, as the only thing that is left of it.
fn text_alone(html: &str) -> String {
    let text: String = to_text(html).chars().filter(|c| !c.is_control() || matches!(c, '\n' | '\t')).collect();
    let mut escaped = String::with_capacity(text.len());
    for c in text.trim().chars() {
        match c {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '\u{a0}' => escaped.push_str("&nbsp;"),
            c => escaped.push(c),
        }
    }
    format!("<pre>{escaped}</pre>")
}

/// The same cleaned HTML with the empty line that a `<pre>` begins with: who reads it skips one line break there, and the tree
/// has none to write.
fn with_first_lines(html: &str) -> String {
    let mut kept = String::with_capacity(html.len());
    let (mut scanner, mut copied) = (tokens(html), 0);
    while let Some(token) = scanner.next() {
        if matches!(token, Token::Open(tag) if tag.is("pre")) && scanner.rest().starts_with('\n') {
            let begin = html.len() - scanner.rest().len();
            kept.push_str(html.get(copied..begin).unwrap_or_default());
            kept.push('\n');
            copied = begin;
        }
    }
    kept.push_str(html.get(copied..).unwrap_or_default());
    kept
}

/// The same cleaned HTML with the URLs of remote images where nothing loads them.
fn without_remote_sources(html: &str) -> String {
    let mut kept = String::with_capacity(html.len());
    let mut copied = 0;
    for tag in tags(html).filter(|tag| tag.is("img")) {
        let Some(source) = tag.attribute("src").filter(|source| is_web(&source.value())) else { continue };
        // Cleaned HTML writes every attribute as `name="value"`.
        let begin = source.at.start.saturating_sub("src=\"".len());
        kept.push_str(html.get(copied..begin).unwrap_or_default());
        kept.push_str(REMOTE_SRC);
        copied = begin + "src".len();
    }
    kept.push_str(html.get(copied..).unwrap_or_default());
    kept
}

const TAGS: [&str; 72] = [
    "a",
    "abbr",
    "acronym",
    "address",
    "article",
    "aside",
    "b",
    "bdi",
    "bdo",
    "big",
    "blockquote",
    "br",
    "caption",
    "center",
    "cite",
    "code",
    "col",
    "colgroup",
    "dd",
    "del",
    "details",
    "dfn",
    "div",
    "dl",
    "dt",
    "em",
    "figcaption",
    "figure",
    "font",
    "footer",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "header",
    "hr",
    "i",
    "img",
    "ins",
    "kbd",
    "li",
    "main",
    "mark",
    "nav",
    "ol",
    "p",
    "pre",
    "q",
    "s",
    "samp",
    "section",
    "small",
    "span",
    "strike",
    "strong",
    "sub",
    "summary",
    "sup",
    "table",
    "tbody",
    "td",
    "tfoot",
    "th",
    "thead",
    "time",
    "tr",
    "tt",
    "u",
    "ul",
    "var",
];

/// Elements that go with all they hold.
const WITH_CONTENT: [&str; 11] =
    ["script", "style", "title", "iframe", "noembed", "noframes", "template", "object", "svg", "math", "select"];

const TABLE: [&str; 5] = ["align", "valign", "bgcolor", "width", "height"];

fn policy(way: Way) -> Builder<'static> {
    let mut policy = Builder::empty();
    policy.add_tags(&TAGS).add_clean_content_tags(&WITH_CONTENT);
    policy.add_generic_attributes(&["dir", "lang", "title", "style"]);
    for tag in ["table", "thead", "tbody", "tfoot", "tr", "td", "th", "col", "colgroup"] {
        policy.add_tag_attributes(tag, &TABLE);
    }
    for tag in ["td", "th"] {
        policy.add_tag_attributes(tag, &["colspan", "rowspan", "nowrap"]);
    }
    for tag in ["p", "div", "h1", "h2", "h3", "h4", "h5", "h6"] {
        policy.add_tag_attributes(tag, &["align"]);
    }
    policy
        .add_tag_attributes("table", &["border", "cellpadding", "cellspacing"])
        .add_tag_attributes("col", &["span"])
        .add_tag_attributes("hr", &["width", "size", "align"])
        .add_tag_attributes("font", &["color", "face", "size"])
        .add_tag_attributes("ol", &["start", "type"])
        .add_tag_attributes("ul", &["type"])
        .add_tag_attributes("a", &["href"])
        .add_tag_attributes("img", &["src", "alt", "width", "height", "align", "border"])
        .add_url_schemes(&["http", "https", "mailto", "tel", "cid", "inline"])
        .url_relative(UrlRelative::Deny)
        .link_rel(Some("noopener noreferrer"));
    match way {
        Way::Outbound => policy.attribute_filter(|tag, name, value| harmless(Way::Outbound, tag, name, value)),
        Way::Inbound => policy
            .add_tag_attributes("a", &["target"])
            .set_tag_attribute_value("a", "target", "_blank")
            .add_tag_attributes("img", &[REMOTE_SRC])
            .attribute_filter(|tag, name, value| harmless(Way::Inbound, tag, name, value)),
    };
    policy
}

/// What is kept of an attribute; none where it goes.
fn harmless<'a>(way: Way, tag: &str, name: &str, value: &'a str) -> Option<Cow<'a, str>> {
    let kept = match (tag, name) {
        (_, "style") => return style::harmless(value).map(Cow::Owned),
        ("img", "src") => is_web(value) || begins_with(value, if way == Way::Inbound { "cid:" } else { "inline:" }),
        ("img", REMOTE_SRC) => is_web(value),
        (_, "href") => is_web(value) || begins_with(value, "mailto:") || begins_with(value, "tel:"),
        _ => true,
    };
    kept.then_some(Cow::Borrowed(value))
}

fn is_web(url: &str) -> bool {
    begins_with(url, "http:") || begins_with(url, "https:")
}

fn begins_with(url: &str, scheme: &str) -> bool {
    let url = url.trim_start();
    url.split_at_checked(scheme.len()).is_some_and(|(before, _)| before.eq_ignore_ascii_case(scheme))
}
