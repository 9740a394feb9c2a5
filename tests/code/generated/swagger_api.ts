/* THIS FILE WAS GENERATED VIA SWAGGER-TYPESCRIPT-API */
export interface Book { isbn: string; title?: string; }
export interface Reply<D> extends Response { data: D; error: any; }
export enum ContentType { Json = "application/json", Text = "text/plain" }

export class HttpClient<S = unknown> {
  public baseUrl: string = "http://library";
  private customFetch = (...given: Parameters<typeof fetch>) => fetch(...given);
  private baseParams: any = { credentials: "same-origin", headers: {} };
  constructor(config: any = {}) { Object.assign(this, config); }
  private formatters: Record<ContentType, (input: any) => any> = {
    [ContentType.Json]: (input: any) => (input !== null ? JSON.stringify(input) : input),
    [ContentType.Text]: (input: any) => input,
  };
  protected merged(first: any, second?: any) {
    return { ...this.baseParams, ...first, ...(second || {}), headers: { ...(first.headers || {}) } };
  }
  public request = async <T = any>({ body, path, type, format, ...params }: any): Promise<Reply<T>> => {
    const all = this.merged(params, {});
    const formatter = this.formatters[type || ContentType.Json];
    return this.customFetch(`${this.baseUrl || ""}${path}`, {
      ...all,
      body: typeof body === "undefined" ? null : formatter(body),
    }).then(async (response) => {
      const r = response as Reply<T>;
      r.data = null as unknown as T;
      const data = !format ? r : await response[format]().then((data) => {
        if (r.ok) { r.data = data; } else { r.error = data; }
        return r;
      });
      return data;
    });
  };
}

export class Api<S extends unknown> extends HttpClient<S> {
  books = {
    getBook: (isbn: string, params: any = {}) =>
      this.request<Book>({ path: `/books/${isbn}`, method: "GET", format: "json", ...params }),
    addBook: (data: Book, params: any = {}) =>
      this.request<Book>({ path: `/books`, method: "POST", body: data, type: ContentType.Json, format: "json", ...params }),
  };
}
