//! R-identity: threads give each other values of different types at one place of the program.
//! panics: the threads of a team meet in different constructs
// twin: free/125_single

use phalanx::prelude::*;

fn give<T: Clone + Default + Send + Sync + 'static>(cx: &mut Ctx) -> T {
    cx.single((), (), |(), ()| T::default())
}

fn main() {
    region(Options::new().num_threads(2), (), |cx, ()| {
        if cx.thread_num() == 0 {
            println!("{}", give::<u64>(cx));
        } else {
            println!("{}", give::<String>(cx));
        }
    });
}
