//! The way between a client and a server, which can be cut, and on which answers can be lost.

use std::{net::SocketAddr, sync::Arc, time::Duration};

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt, copy},
    net::{TcpListener, TcpStream},
    sync::watch,
};

/// How it is with a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    Whole,
    /// What is asked arrives, what is answered does not.
    Mute,
    /// All connections are gone, and new ones go at once.
    Cut,
}

/// A line.
pub struct Line {
    /// Where clients connect.
    pub address: SocketAddr,
    state: Arc<watch::Sender<State>>,
}

impl Line {
    /// A whole one to the server at `target`.
    pub async fn to(target: SocketAddr) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let state = Arc::new(watch::Sender::new(State::Whole));
        let told = Arc::clone(&state);
        tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                tokio::spawn(connect(client, target, told.subscribe()));
            }
        });
        Self { address, state }
    }

    /// Loses every answer from now on.
    pub fn mute(&self) {
        self.state.send_replace(State::Mute);
    }

    /// Ends every connection, and lets none through.
    pub fn cut(&self) {
        self.state.send_replace(State::Cut);
    }

    /// Lets everything through again.
    pub fn mend(&self) {
        self.state.send_replace(State::Whole);
    }
}

async fn connect(client: TcpStream, target: SocketAddr, mut state: watch::Receiver<State>) {
    if *state.borrow() == State::Cut {
        return;
    }
    let Ok(server) = TcpStream::connect(target).await else { return };
    for end in [&client, &server] {
        let _ = end.set_nodelay(true);
    }
    let (mut asked, mut to_client) = client.into_split();
    let (mut answered, mut to_server) = server.into_split();
    let hears = state.clone();
    let back = async move {
        let mut piece = [0; 16_384];
        while let Ok(length @ 1..) = answered.read(&mut piece).await {
            let lost = *hears.borrow() == State::Mute;
            if !lost && to_client.write_all(&piece[..length]).await.is_err() {
                break;
            }
        }
    };
    let cut = async move {
        while state.changed().await.is_ok() {
            if *state.borrow_and_update() == State::Cut {
                break;
            }
        }
    };
    tokio::select! {
        _ = copy(&mut asked, &mut to_server) => {}
        () = back => {}
        () = cut => {}
    }
}

/// Asks until it is so; a test that waits in vain fails.
pub async fn until(mut so: impl AsyncFnMut() -> bool) {
    for _ in 0..200 {
        if so().await {
            return;
        }
        tokio::time::sleep(Duration::from_millis(25)).await;
    }
    panic!("it never came so far");
}
