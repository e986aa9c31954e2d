//! How messages leave, and where their images are kept.

use std::future::Future;

use crate::model::{Dispatch, HostedImage, SendResult};

/// A provider that sends messages.
///
/// Where a provider knows no idempotency keys, the delivery keeps them: it writes the key down before it asks the provider, and the
/// provider's id after. Asked again for a key without an id, it looks the message up at the provider. Where even that cannot be done,
/// a message is sent perhaps twice or perhaps not at all: the second is [`SendResult::permanent`] with
/// [`Cause::Unknown`](crate::model::Cause::Unknown), which an agent sees and may have sent again.
///
/// A clause is called by its method and its number, as `send.1`; feature `testing` has a check for each.
pub trait Delivery: Send + Sync {
    /// Sends a message.
    ///
    /// 1. It must send at most one message under one idempotency key, however often it is asked; after a crash between
    ///    sending and writing down, it is asked again under the same key and must then answer as it did at first.
    /// 2. It must not send before `not_before` or after `not_after`; it may hand those times to its provider.
    /// 3. It must answer `Transient` only where another attempt may succeed, and where it does not know whether the
    ///    message was taken.
    /// 4. It must not wait longer than the set-up's lease: after that the message may be attempted by another.
    fn send(&self, dispatch: &Dispatch) -> SendResult;
}

/// A provider that sends messages, asynchronously: the same contract as [`Delivery`], clause by clause.
pub trait AsyncDelivery: Send + Sync {
    /// See [`Delivery::send`].
    fn send(&self, dispatch: &Dispatch) -> impl Future<Output = SendResult> + Send;
}

/// A place where inline images are kept under their URLs (R31–R33).
///
/// A clause is called by its method and its number, as `host.1`; feature `testing` has a check for each.
pub trait MediaHost: Send + Sync {
    /// Keeps an image under its URL until its time is over.
    ///
    /// 1. It may be asked again for the same URL, also by others and at the same time, and must then answer as if it were the
    ///    first time.
    /// 2. Once it answered success the image must be found under its URL, by whoever has that and nothing else: its bytes and its
    ///    media type as they were given.
    /// 3. The image must be found until it expires; from then on it may be gone.
    /// 4. It must answer a problem where it does not know whether the image is kept. A problem is not for good: asked again, it must
    ///    try again.
    /// 5. It must not wait longer than the set-up's lease, of which sending the message needs a part, too.
    ///
    /// # Errors
    /// The problem, in words; the message is attempted again later.
    fn host(&self, image: &HostedImage) -> Result<(), String>;
}

/// A place where inline images are kept, asynchronously: the same contract as [`MediaHost`], clause by clause.
pub trait AsyncMediaHost: Send + Sync {
    /// See [`MediaHost::host`].
    fn host(&self, image: &HostedImage) -> impl Future<Output = Result<(), String>> + Send;
}

/// No place for images: for organizations whose set-up has no `media_base_url`, where no message has any.
#[derive(Debug, Clone, Copy, Default)]
pub struct NoMedia;

impl MediaHost for NoMedia {
    fn host(&self, _image: &HostedImage) -> Result<(), String> {
        Err("no media host".into())
    }
}

impl AsyncMediaHost for NoMedia {
    async fn host(&self, image: &HostedImage) -> Result<(), String> {
        MediaHost::host(self, image)
    }
}

impl<F: Fn(&Dispatch) -> SendResult + Send + Sync> Delivery for F {
    fn send(&self, dispatch: &Dispatch) -> SendResult {
        self(dispatch)
    }
}

impl<F: Fn(&HostedImage) -> Result<(), String> + Send + Sync> MediaHost for F {
    fn host(&self, image: &HostedImage) -> Result<(), String> {
        self(image)
    }
}
