// Maps: our own polygons and points; background tiles only where the installation names a server for them.
import L from "leaflet";
import { all } from "./common";

type Shape = { geometry: GeoJSON.GeometryObject | object; title: string; count?: number; step?: 0 | 1 | 2 | 3; href?: string; chosen?: boolean };
type Point = { lon: number; lat: number; title: string; lamp?: "g" | "y" | "r" | "o" | "p" | "d"; href?: string };
type MapSaid = { shapes?: Shape[]; points?: Point[]; pick?: { lon: string; lat: string } };

const STEPS = [0.08, 0.28, 0.5, 0.75]; // one hue in four strengths, as the legend beside the map shows them
const LAMPS = { g: "ok", y: "warn-fill", r: "bad", o: "bad", p: "rest", d: "ok" } as const;

function colour(name: string): string {
  return getComputedStyle(document.documentElement).getPropertyValue(`--yy-${name}`).trim();
}

function words(title: string, count: number | undefined): HTMLElement {
  const span = document.createElement("span");
  span.textContent = count === undefined ? title : `${title}　${count} 件`;
  return span;
}

function shapeLayers(shapes: Shape[]): L.Layer[] {
  return shapes.map((shape) => {
    const layer = L.geoJSON(shape.geometry as never, {
      style: { color: colour(shape.chosen ? "brand" : "edge"), weight: shape.chosen ? 3 : 1.5, fillColor: colour("brand"), fillOpacity: STEPS[shape.step ?? 0] },
    });
    layer.bindTooltip(words(shape.title, shape.count), { permanent: shapes.length <= 12, direction: "center" });
    if (shape.href) layer.on("click", () => location.assign(shape.href as string));
    return layer;
  });
}

function pointLayers(points: Point[]): L.Layer[] {
  return points.map((point) => {
    const ink = colour(LAMPS[point.lamp ?? "g"]);
    const filled = point.lamp === "o" || point.lamp === "d";
    const layer = L.circleMarker([point.lat, point.lon], { radius: 8, color: ink, weight: 3.5, fillColor: filled ? ink : colour("surface"), fillOpacity: 1 });
    layer.bindTooltip(words(point.title, undefined));
    if (point.href) layer.on("click", () => location.assign(point.href as string));
    return layer;
  });
}

/** Let a person mark the place: writes the coordinates into two inputs. */
function letPick(map: L.Map, pick: { lon: string; lat: string }): void {
  const [lon, lat] = [pick.lon, pick.lat].map((id) => document.getElementById(id) as HTMLInputElement | null);
  if (!lon || !lat) return;
  let mark: L.CircleMarker | null = null;
  const put = (at: L.LatLng): void => {
    mark?.remove();
    mark = L.circleMarker(at, { radius: 9, color: colour("bad"), weight: 4, fillColor: colour("surface"), fillOpacity: 1 }).addTo(map);
  };
  if (lon.value && lat.value) put(L.latLng(Number(lat.value), Number(lon.value)));
  map.on("click", (event: L.LeafletMouseEvent) => {
    put(event.latlng);
    lon.value = event.latlng.lng.toFixed(6);
    lat.value = event.latlng.lat.toFixed(6);
    lat.dispatchEvent(new Event("change", { bubbles: true }));
  });
}

function drawMap(place: HTMLElement): void {
  const source = document.getElementById(place.dataset.map ?? "");
  if (!source?.textContent || place.dataset.drawn) return;
  place.dataset.drawn = "yes";
  const said = JSON.parse(source.textContent) as MapSaid;
  const map = L.map(place, { zoomControl: false, zoomAnimation: false, fadeAnimation: false, markerZoomAnimation: false, attributionControl: !!place.dataset.tileUrl, zoomSnap: 0.25 });
  L.control.zoom({ zoomInTitle: place.dataset.closer ?? "放大", zoomOutTitle: place.dataset.farther ?? "缩小" }).addTo(map);
  if (place.dataset.tileUrl) L.tileLayer(place.dataset.tileUrl, { attribution: place.dataset.tileCredit ?? "" }).addTo(map);
  const layers = [...shapeLayers(said.shapes ?? []), ...pointLayers(said.points ?? [])];
  const bounds = L.featureGroup(layers as L.FeatureGroup[]).getBounds();
  if (bounds.isValid()) map.fitBounds(bounds, { padding: [16, 16], maxZoom: 18 });
  else map.setView([35, 105], 4);
  // Words in the middle of a shape need a view to measure against, so the layers come after it.
  for (const layer of layers) layer.addTo(map);
  if (said.pick) letPick(map, said.pick);
}

export function drawMaps(root: ParentNode): void {
  for (const place of all("[data-map]", root)) drawMap(place);
}
