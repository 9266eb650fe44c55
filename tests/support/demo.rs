//! The demo, served by a thread of the test.

use std::{net::SocketAddr, sync::mpsc, thread};

use tokio::sync::oneshot;

/// Stops when it is dropped, and then fails the test if it did not stop well.
#[derive(Debug)]
pub struct Demo {
    pub address: SocketAddr,
    stop: Option<oneshot::Sender<()>>,
    thread: Option<thread::JoinHandle<()>>,
}

impl Demo {
    pub fn start() -> Demo {
        let (stop, stopped) = oneshot::channel();
        let (told, address) = mpsc::channel();
        let thread = thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread()
                .enable_all()
                .build()
                .unwrap();
            runtime.block_on(async {
                let listener = plan::demo::bind(0).unwrap();
                told.send(listener.local_addr().unwrap()).unwrap();
                let stopped = async { stopped.await.unwrap() };
                plan::demo::serve(listener, None, stopped).await.unwrap();
            });
        });
        Demo {
            address: address.recv().unwrap(),
            stop: Some(stop),
            thread: Some(thread),
        }
    }
}

impl Drop for Demo {
    fn drop(&mut self) {
        let _ = self.stop.take().unwrap().send(());
        let ended = self.thread.take().unwrap().join();
        assert!(ended.is_ok() || thread::panicking(), "the demo panicked");
    }
}
