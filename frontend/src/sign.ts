// Signing on the screen with a finger, a pen or a mouse; the picture goes along as a field of the form.
import { all } from "./common";

const INK = "#111111";
const PEN_PX = 4;

type Point = { x: number; y: number };

function at(canvas: HTMLCanvasElement, event: PointerEvent): Point {
  const box = canvas.getBoundingClientRect();
  return {
    x: Math.round((event.clientX - box.left) * (canvas.width / box.width)),
    y: Math.round((event.clientY - box.top) * (canvas.height / box.height)),
  };
}

function startSigning(part: HTMLElement): void {
  const canvas = part.querySelector("canvas");
  const field = document.getElementById(part.dataset.sign ?? "") as HTMLInputElement | null;
  const pen = canvas?.getContext("2d");
  if (!canvas || !field || !pen || part.dataset.started) return;
  part.dataset.started = "yes";
  part.hidden = false;
  Object.assign(pen, { lineWidth: PEN_PX, lineCap: "round", lineJoin: "round", strokeStyle: INK });
  let last: Point | null = null;
  canvas.addEventListener("pointerdown", (event) => {
    event.preventDefault();
    canvas.setPointerCapture(event.pointerId);
    last = at(canvas, event);
  });
  canvas.addEventListener("pointermove", (event) => {
    if (!last) return;
    const here = at(canvas, event);
    pen.beginPath();
    pen.moveTo(last.x, last.y);
    pen.lineTo(here.x, here.y);
    pen.stroke();
    last = here;
    field.value = "drawn";
  });
  const lift = (): void => {
    if (last && field.value) field.value = canvas.toDataURL("image/png");
    last = null;
  };
  canvas.addEventListener("pointerup", lift);
  canvas.addEventListener("pointercancel", lift);
  part.querySelector("[data-sign-clear]")?.addEventListener("click", () => {
    pen.clearRect(0, 0, canvas.width, canvas.height);
    field.value = "";
  });
}

export function startSigns(root: ParentNode): void {
  for (const part of all("[data-sign]", root)) startSigning(part);
}
