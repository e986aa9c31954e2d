//! How long messages may be, what may go with them, how much of one that comes in is kept, and what cleaned HTML leads to.

use serde::{Deserialize, Serialize};

/// What it leads to that something was taken out of the HTML of a message before it is sent (R25).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum HtmlRemoval {
    /// A warning; the message leaves without it.
    #[default]
    Warn,
    /// A refusal.
    Refuse,
}

/// How long messages may be; no limit may be zero.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct TextLimits {
    /// The most characters of a text message; 1600 by default.
    pub max_sms_chars: u32,
    /// The most segments of a text message (B8): what it costs; 10 by default.
    pub max_sms_segments: u32,
    /// The most bytes of an e-mail's body; 256 KiB by default.
    pub max_email_bytes: u32,
}

impl Default for TextLimits {
    fn default() -> Self {
        Self { max_sms_chars: 1600, max_sms_segments: 10, max_email_bytes: 262_144 }
    }
}

/// What may be attached to an e-mail (R25); no limit may be zero.
///
/// Going out, what does not keep to it is refused; coming in, it is kept and flagged.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct AttachmentRules {
    /// The most files that go with a message; 10 by default.
    pub max_count: u32,
    /// The most bytes of a file; 10 MiB by default.
    pub max_bytes: u32,
    /// The most bytes of all files together, inline images included; 20 MiB by default.
    pub max_total_bytes: u32,
    /// The last extensions of file names that are forbidden, without the dot; by default those of files that a double click runs.
    pub forbidden_extensions: Vec<String>,
    /// The media types that are forbidden, such as `application/x-msdownload`; by default those of programs and scripts.
    pub forbidden_media_types: Vec<String>,
}

impl Default for AttachmentRules {
    fn default() -> Self {
        let owned = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect();
        Self {
            max_count: 10,
            max_bytes: 10 * 1024 * 1024,
            max_total_bytes: 20 * 1024 * 1024,
            forbidden_extensions: owned(&RUN_BY_A_DOUBLE_CLICK),
            forbidden_media_types: owned(&PROGRAMS),
        }
    }
}

const RUN_BY_A_DOUBLE_CLICK: [&str; 46] = [
    "ade",
    "adp",
    "app",
    "application",
    "apk",
    "appref-ms",
    "bat",
    "chm",
    "cmd",
    "com",
    "cpl",
    "deb",
    "dll",
    "dmg",
    "exe",
    "gadget",
    "hta",
    "inf",
    "ins",
    "iso",
    "isp",
    "jar",
    "js",
    "jse",
    "lnk",
    "mde",
    "msc",
    "msi",
    "msp",
    "mst",
    "pif",
    "ps1",
    "reg",
    "rpm",
    "scf",
    "scr",
    "sct",
    "sh",
    "sys",
    "vb",
    "vbe",
    "vbs",
    "vhd",
    "wsc",
    "wsf",
    "wsh",
];

const PROGRAMS: [&str; 14] = [
    "application/hta",
    "application/java-archive",
    "application/javascript",
    "application/vnd.microsoft.portable-executable",
    "application/x-bat",
    "application/x-dosexec",
    "application/x-executable",
    "application/x-ms-shortcut",
    "application/x-msdos-program",
    "application/x-msdownload",
    "application/x-msi",
    "application/x-sh",
    "text/javascript",
    "text/vbscript",
];

/// How much of a message that comes in is kept; no limit may be zero.
///
/// What goes beyond is cut off and flagged; the whole of it stays with the host, which has the raw message.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct InboundLimits {
    /// The most bytes of a body; 1 MiB by default.
    pub max_body_bytes: u32,
    /// The most attachments; 100 by default.
    pub max_attachments: u32,
}

impl Default for InboundLimits {
    fn default() -> Self {
        Self { max_body_bytes: 1024 * 1024, max_attachments: 100 }
    }
}
