// The portal: what a resident writes stays on the phone until it is sent; photos are shrunk before they travel.
import { all, preference, start, toast } from "./common";

const LONGEST_SIDE_PX = 1600;
const JPEG_QUALITY = 0.82;
const KEEP_DRAFT_DAYS = 7;

type Draft = { at: number; values: Record<string, string> };
type Named = HTMLInputElement | HTMLTextAreaElement | HTMLSelectElement;

function fields(form: HTMLFormElement): Named[] {
  return all<Named>("textarea, select, input", form).filter((field) => field.name && !["hidden", "file", "password", "submit"].includes(field.type) && !field.hasAttribute("data-no-draft"));
}

function keyOf(form: HTMLFormElement): string {
  return `yy-draft:${form.dataset.draft}`;
}

function readDraft(form: HTMLFormElement): Draft | null {
  try {
    const draft = JSON.parse(localStorage.getItem(keyOf(form)) ?? "null") as Draft | null;
    return draft && Date.now() - draft.at < KEEP_DRAFT_DAYS * 86_400_000 ? draft : null;
  } catch {
    return null;
  }
}

function keepDraft(form: HTMLFormElement): void {
  const values: Record<string, string> = {};
  for (const field of fields(form)) {
    const choice = field instanceof HTMLInputElement && ["radio", "checkbox"].includes(field.type);
    if (!choice) values[field.name] = field.value;
    else if ((field as HTMLInputElement).checked) values[field.name] = field.value;
  }
  try {
    localStorage.setItem(keyOf(form), JSON.stringify({ at: Date.now(), values }));
  } catch {
    /* A full or closed store: the form still works, it only forgets. */
  }
}

function fillFromDraft(form: HTMLFormElement): void {
  const draft = readDraft(form);
  if (!draft) return;
  let filled = false;
  for (const field of fields(form)) {
    const value = draft.values[field.name];
    if (value === undefined) continue;
    if (field instanceof HTMLInputElement && ["radio", "checkbox"].includes(field.type)) field.checked = field.value === value;
    else if (!field.value && value) {
      field.value = value;
      filled = true;
    }
  }
  if (filled) toast({ say: form.dataset.draftSaid ?? "上次没写完的还在。" });
}

function startDrafts(): void {
  for (const gone of all("[data-draft-done]")) localStorage.removeItem(`yy-draft:${gone.dataset.draftDone}`);
  for (const form of all<HTMLFormElement>("form[data-draft]")) {
    fillFromDraft(form);
    form.addEventListener("input", () => keepDraft(form));
    form.addEventListener("change", () => keepDraft(form));
  }
}

/** Draw the picture smaller; a browser that cannot, sends the original, and the server shrinks it. */
async function shrink(file: File): Promise<File> {
  if (!file.type.startsWith("image/") || file.type === "image/gif") return file;
  try {
    const picture = await createImageBitmap(file);
    const scale = Math.min(1, LONGEST_SIDE_PX / Math.max(picture.width, picture.height));
    if (scale === 1 && file.size < 600_000) return file;
    const canvas = document.createElement("canvas");
    canvas.width = Math.round(picture.width * scale);
    canvas.height = Math.round(picture.height * scale);
    canvas.getContext("2d")?.drawImage(picture, 0, 0, canvas.width, canvas.height);
    const blob = await new Promise<Blob | null>((done) => canvas.toBlob(done, "image/jpeg", JPEG_QUALITY));
    return blob && blob.size < file.size ? new File([blob], file.name.replace(/\.\w+$/, "") + ".jpg", { type: "image/jpeg", lastModified: file.lastModified }) : file;
  } catch {
    return file;
  }
}

function setFiles(input: HTMLInputElement, files: File[]): void {
  const transfer = new DataTransfer();
  for (const file of files) transfer.items.add(file);
  input.files = transfer.files;
}

function preview(input: HTMLInputElement, place: HTMLElement): void {
  for (const image of all<HTMLImageElement>("img", place)) URL.revokeObjectURL(image.src);
  place.replaceChildren();
  [...(input.files ?? [])].forEach((file, index) => {
    const figure = document.createElement("figure");
    const image = document.createElement("img");
    image.src = URL.createObjectURL(file);
    image.alt = (place.dataset.alt ?? "您选的第 {n} 张照片").replace("{n}", String(index + 1));
    const remove = document.createElement("button");
    remove.type = "button";
    remove.className = "btn btn-sm btn-quiet";
    remove.textContent = place.dataset.remove ?? "去掉";
    remove.setAttribute("aria-label", `${remove.textContent} ${index + 1}`);
    remove.addEventListener("click", () => {
      setFiles(input, [...(input.files ?? [])].filter((_, at) => at !== index));
      preview(input, place);
    });
    figure.append(image, remove);
    place.append(figure);
  });
}

function startPhotos(): void {
  for (const input of all<HTMLInputElement>("input[type=file][data-shrink]")) {
    const place = document.getElementById(input.dataset.shrink ?? "");
    input.addEventListener("change", () => {
      const most = Number(input.dataset.most ?? "6");
      const chosen = [...(input.files ?? [])];
      if (chosen.length > most) toast({ say: (input.dataset.tooMany ?? "最多 {n} 张，多出的没有加上。").replace("{n}", String(most)) });
      void Promise.all(chosen.slice(0, most).map(shrink)).then((files) => {
        setFiles(input, files);
        if (place) preview(input, place);
      });
    });
  }
}

/** The big letters at once; without this script the same button asks the server. */
function startTypeSwitch(): void {
  for (const form of all<HTMLFormElement>("form[data-type-switch]")) {
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      const large = document.documentElement.dataset.type !== "large";
      if (large) document.documentElement.dataset.type = "large";
      else delete document.documentElement.dataset.type;
      preference("yy_type", large ? "large" : "standard");
      const value = form.querySelector<HTMLInputElement>("[name=type]");
      if (value) value.value = large ? "standard" : "large";
    });
  }
}

startTypeSwitch();
start();
startDrafts();
startPhotos();
