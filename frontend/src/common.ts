// What the desk and the portal share: htmx, toasts with undo, dialogs, copying, errors that take the focus, lazy charts and maps.
import htmx from "htmx.org";

export const WAIT_FOR_UNDO_S = 10;

type ToastSaid = { say: string; undo?: string };

export function all<T extends Element = HTMLElement>(selector: string, root: ParentNode = document): T[] {
  return [...root.querySelectorAll<T>(selector)];
}

export function preference(name: string, value?: string): string {
  if (value !== undefined) {
    document.cookie = `${name}=${encodeURIComponent(value)}; path=/; max-age=31536000; samesite=lax`;
    return value;
  }
  const found = document.cookie.split("; ").find((pair) => pair.startsWith(`${name}=`));
  return found ? decodeURIComponent(found.slice(name.length + 1)) : "";
}

/** Show one sentence at the foot of the page; with an undo address it offers 撤回 for ten seconds. */
export function toast({ say, undo }: ToastSaid): void {
  const place = document.getElementById("toasts");
  if (!place) return;
  const box = document.createElement("div");
  box.className = "toast-yy";
  const words = document.createElement("span");
  words.textContent = say;
  box.append(words);
  place.append(box);
  let left = undo ? WAIT_FOR_UNDO_S : 5;
  const button = undo ? undoButton(undo, place.dataset.undo ?? "撤回", box) : null;
  if (button) box.append(button);
  const tick = setInterval(() => {
    left -= 1;
    if (button) button.textContent = label(place, left);
    if (left <= 0) {
      clearInterval(tick);
      if (!box.contains(document.activeElement)) box.remove();
      else box.addEventListener("focusout", () => box.remove(), { once: true });
    }
  }, 1000);
  if (button) button.textContent = label(place, left);
}

function label(place: HTMLElement, left: number): string {
  return (place.dataset.undoIn ?? "撤回（{n} 秒）").replace("{n}", String(Math.max(left, 0)));
}

function undoButton(address: string, text: string, box: HTMLElement): HTMLButtonElement {
  const button = document.createElement("button");
  button.type = "button";
  button.textContent = text;
  button.addEventListener("click", () => {
    box.remove();
    void htmx.ajax("post", address, { source: document.body, swap: "none" });
  });
  return button;
}

function listenForToasts(): void {
  document.addEventListener("toast", (event) => toast((event as CustomEvent<ToastSaid>).detail));
  for (const said of all<HTMLTemplateElement>("template[data-toast]")) {
    toast({ say: said.dataset.toast ?? "", undo: said.dataset.undo || undefined });
  }
}

/** A refusal never takes the place of the row or form it is about: it floats above, and what was written stays. */
function floatRefusals(): void {
  document.addEventListener("htmx:beforeSwap", (event) => {
    const detail = (event as CustomEvent<{ xhr: XMLHttpRequest; serverResponse: string; shouldSwap: boolean }>).detail;
    const place = document.getElementById("toasts");
    if (detail.xhr.status < 400 || !place || !detail.serverResponse.includes("data-refusal")) return;
    detail.shouldSwap = false;
    const box = document.createElement("div");
    box.className = "refusal-float";
    box.innerHTML = detail.serverResponse;
    const close = document.createElement("button");
    close.type = "button";
    close.className = "btn btn-sm";
    close.textContent = place.dataset.close ?? "知道了";
    close.addEventListener("click", () => box.remove());
    box.append(close);
    place.append(box);
  });
}

function listenForClicks(): void {
  document.addEventListener("click", (event) => {
    const target = event.target as Element;
    const opener = target.closest<HTMLElement>("[data-dialog]");
    if (opener) openDialog(opener.dataset.dialog ?? "");
    target.closest("[data-close]")?.closest("dialog")?.close();
    const copier = target.closest<HTMLElement>("[data-copy]");
    if (copier) void copy(copier);
    if (target.closest("[data-print]")) window.print();
    for (const menu of all<HTMLDetailsElement>("details.menu[open]")) if (!menu.contains(target)) menu.open = false;
  });
}

export function openDialog(id: string): void {
  const dialog = document.getElementById(id);
  if (dialog instanceof HTMLDialogElement && !dialog.open) dialog.showModal();
}

async function copy(button: HTMLElement): Promise<void> {
  const text = button.dataset.copy ?? "";
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    const area = document.createElement("textarea");
    area.value = text;
    document.body.append(area);
    area.select();
    document.execCommand("copy");
    area.remove();
  }
  toast({ say: button.dataset.copied ?? `已复制 ${text}` });
}

const sayOffline = (): void => toast({ say: document.body.dataset.offline ?? "没有网，没交上。您写的还在。" });

/** A form sent twice by an impatient finger goes out once; without a network it stays, with all that was written. */
function guardForms(): void {
  document.addEventListener("submit", (event) => {
    const form = event.target as HTMLFormElement;
    if (event.defaultPrevented || form.dataset.sent) return event.preventDefault();
    if (!navigator.onLine && form.method !== "dialog") {
      event.preventDefault();
      return sayOffline();
    }
    if (form.method === "dialog" || form.matches("[hx-post],[hx-get]")) return;
    if (form.method === "get" || form.target) return;
    form.dataset.sent = "yes";
    for (const button of all(`button:not([type=button])`, form)) button.setAttribute("aria-busy", "true");
  });
  window.addEventListener("pageshow", () => {
    for (const form of all<HTMLFormElement>("form[data-sent]")) {
      delete form.dataset.sent;
      for (const button of all("[aria-busy]", form)) button.removeAttribute("aria-busy");
    }
  });
}

/** Our own file button says which file was chosen. */
function sayFiles(event: Event): void {
  const input = event.target as HTMLInputElement;
  const place = document.getElementById(input.dataset?.said ?? "");
  if (place && input.files) place.textContent = [...input.files].map((file) => file.name).join("、") || "—";
}

/** Parts that appear only when a certain choice is made: data-reveal-by="#input-id". */
function revealParts(): void {
  for (const part of all("[data-reveal-by]")) {
    const input = document.querySelector<HTMLInputElement>(part.dataset.revealBy ?? "");
    part.classList.toggle("shown", !!input?.checked);
  }
}

function startParts(root: ParentNode): void {
  if (all("[data-chart]", root).length) void import("./charts").then((module) => module.drawCharts(root));
  if (all("[data-map]", root).length) void import("./map").then((module) => module.drawMaps(root));
  if (all("[data-sign]", root).length) void import("./sign").then((module) => module.startSigns(root));
  root.querySelector<HTMLElement>("[data-take-focus]")?.focus();
  revealParts();
}

export function start(): void {
  htmx.config.includeIndicatorStyles = false;
  htmx.config.attributesToSettle = ["class", "width", "height"]; // a copied style attribute is an inline style to the policy
  htmx.config.allowEval = false;
  htmx.config.selfRequestsOnly = true;
  htmx.config.historyRestoreAsHxRequest = false;
  // A refusal (4xx) carries a page part that explains it: show it instead of dropping it.
  htmx.config.responseHandling = [
    { code: "204", swap: false },
    { code: "[23]..", swap: true },
    { code: "4(03|04|09|13|22|29)", swap: true, error: false },
    { code: "[45]..", swap: false, error: true },
  ];
  listenForToasts();
  listenForClicks();
  floatRefusals();
  guardForms();
  document.addEventListener("change", revealParts);
  document.addEventListener("change", sayFiles);
  document.addEventListener("htmx:sendError", sayOffline);
  document.addEventListener("htmx:responseError", () => toast({ say: document.body.dataset.failed ?? "没交上，请再试一次。您写的还在。" }));
  startParts(document);
  document.addEventListener("htmx:load", (event) => {
    const part = (event as CustomEvent<{ elt: HTMLElement }>).detail.elt;
    if (part !== document.body && part.parentNode) startParts(part.parentNode);
  });
}
