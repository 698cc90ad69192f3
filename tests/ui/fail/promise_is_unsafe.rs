// What hands a whole source to a body asks for a promise that safe code cannot make.
use phalanx::__private::Generated;

fn main() {
    let _ = Generated::new();
}
